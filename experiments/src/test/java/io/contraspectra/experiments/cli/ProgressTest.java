package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressTest {

  private final StringWriter screen = new StringWriter();
  // A clock that overflows, as System.nanoTime may.
  private long nanos = Long.MAX_VALUE - 1000;

  @Test
  void drawsABarWithRateAndRemainingTimeFromTwoSecondsOn() {
    try (Progress progress = progress(true)) {
      progress.begin("training networks", 40);
      after(progress, 1999, 9);
      assertEquals("", screen.toString());
      after(progress, 1, 1);
      assertEquals("\rtraining networks [#######                       ] 10/40, 5.0/s, 6 s left ", screen.toString());
    }
  }

  @Test
  void redrawsAtMostTenTimesASecond() {
    try (Progress progress = progress(true)) {
      progress.begin("training", 1000);
      after(progress, 4000, 10);
      after(progress, 99, 1);
      assertEquals(1, bars());
      after(progress, 1, 1);
      assertEquals(2, bars());
      assertEquals("\rtraining [                              ] 12/1000, 2.9/s, 5 min 38 s left ",
          screen.toString().substring(screen.toString().lastIndexOf('\r')));
    }
  }

  @Test
  void wipesTheBarAtTheEndOfAStage() {
    try (Progress progress = progress(true)) {
      progress.begin("training", 2);
      after(progress, 3000, 1);
      progress.begin("second", 2);
      String wiped = screen.toString();
      after(progress, 1000, 1);
      assertEquals(wiped, screen.toString(), "the two seconds begin with the stage");
    }
    String[] drawn = screen.toString().split("\r");
    assertEquals(3, drawn.length);
    assertEquals("", drawn[2].strip());
    assertTrue(drawn[2].length() >= drawn[1].length());
    assertTrue(screen.toString().endsWith("\r"));
  }

  @Test
  void staysSilentInAPipe() {
    try (Progress progress = progress(false)) {
      progress.begin("training", 10);
      after(progress, 60_000, 5);
      assertFalse(progress.isCancelled());
    }
    assertEquals("", screen.toString());
  }

  private Progress progress(boolean terminal) {
    return new Progress(new PrintWriter(screen), terminal, () -> nanos);
  }

  private void after(Progress progress, long millis, long cells) {
    nanos += Duration.ofMillis(millis).toNanos();
    progress.advance(cells);
  }

  private long bars() {
    return screen.toString().chars().filter(c -> c == '\r').count();
  }
}
