package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
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
  void ofSeveralExperimentsTheTimeForAllIsDrawn() {
    try (Progress progress = progress(true)) {
      var agenda = new Agenda(List.of(30.0, 10.0, 100.0));
      progress.follow(agenda);
      agenda.next();
      progress.begin("first", 4);
      after(progress, 2000, 1);
      assertTrue(screen.toString().endsWith("1/4, 0.5/s, 6 s left (1/3, 1 min 56 s in all) "), screen::toString);
      agenda.finish(60, true);
      agenda.next();
      agenda.finish(0.1, false);
      agenda.next();
      progress.begin("third", 4);
      after(progress, 2000, 2);
      assertTrue(screen.toString().endsWith("2/4, 1.0/s, 2 s left (3/3, 2 s in all) "), screen::toString);
    }
    var agenda = new Agenda(List.of(30.0, 10.0));
    agenda.next();
    assertEquals(10, agenda.later(), "as known");
    agenda.finish(60, true);
    assertEquals(20, agenda.later(), "this machine takes twice as long");
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
