package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/** What is over soon, or goes into a pipe, shows no bar. */
class ProgressTest {
  @Test
  void nothingIsDrawnWithinTwoSeconds() {
    assertEquals("", drawn(true));
  }

  @Test
  void nothingIsDrawnInAPipe() {
    assertEquals("", drawn(false));
  }

  private static String drawn(boolean terminal) {
    var err = new StringWriter();
    try (var progress = new Progress(new PrintWriter(err, true), terminal, System::nanoTime)) {
      progress.begin("drift", 3);
      progress.advance(3);
    }
    return err.toString();
  }
}
