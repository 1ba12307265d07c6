package io.contraspectra.experiments.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class FigureNotesTest {
  @Test
  void saysNothingIfAllPointsAreShown() {
    assertEquals(Optional.empty(), FigureNotes.of(Examples.figure(Examples.law())));
  }

  @Test
  void countsPointsThatAreLeftOutAndSaysWhy() {
    var mixed = Series.line("mixed", new double[] {1, 2, 0, 4, 5}, new double[] {1, Double.NaN, 3, -4, 5});
    var nothing = Series.line("nothing", new double[0], new double[0]);
    assertEquals("Left out, because the axes cannot show them: dot-linear (all 4 points: infinite);"
        + " mixed (3 of 5 points: not a number, not positive); nothing (no points).",
        FigureNotes.of(Examples.figure(Examples.diverging(), Examples.law(), mixed, nothing)).orElseThrow());
  }
}
