package io.contraspectra.experiments.paper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.report.Claim;
import io.contraspectra.experiments.report.Verdict;
import org.junit.jupiter.api.Test;

class GateTest {

  private static final String ERROR = "error";

  @Test
  void everySeedMustKeepABound() {
    assertEquals(Verdict.HOLDS, verdict(Bound.atMost(ERROR, 2), 1, 2));
    assertEquals(Verdict.FAILS, verdict(Bound.atMost(ERROR, 2), 1, 2.001));
    assertEquals(Verdict.HOLDS, verdict(Bound.atLeast(ERROR, 1), 1, 2));
    assertEquals(Verdict.FAILS, verdict(Bound.atLeast(ERROR, 1), 0.999, 2));
    assertEquals(Verdict.HOLDS, verdict(Bound.between(ERROR, 1, 2), 1, 2));
    assertEquals(Verdict.FAILS, verdict(Bound.between(ERROR, 1, 2), 0.9, 1.5));
    assertEquals(Verdict.FAILS, verdict(Bound.between(ERROR, 1, 2), 1.5, 2.1));
  }

  @Test
  void aMeanMayKeepABoundThatASeedBreaks() {
    assertEquals(Verdict.HOLDS, verdict(Bound.atMost(ERROR, 2).ofMean(), 1, 2.5));
    assertEquals(Verdict.FAILS, verdict(Bound.atMost(ERROR, 2).ofMean(), 1.6, 2.5));
  }

  @Test
  void whatIsNoNumberFails() {
    assertEquals(Verdict.FAILS, verdict(Bound.atMost(ERROR, 2), 1, Double.NaN));
    assertEquals(Verdict.FAILS, verdict(Bound.atLeast(ERROR, 0), Double.NaN, 1));
    assertEquals(Verdict.FAILS, verdict(Bound.between(ERROR, 0, 2), 1, Double.NaN));
    assertEquals(Verdict.FAILS, verdict(Bound.atMost(ERROR, 2).ofMean(), 1, Double.NaN));
    assertEquals(Verdict.FAILS, verdict(Bound.atMost(ERROR, 2), 1, Double.POSITIVE_INFINITY));
  }

  @Test
  void theWorstSeedIsShown() {
    assertEquals(2, claim(Bound.atMost(ERROR, 5), -7, 2).measurements().getFirst().value());
    assertEquals(-7, claim(Bound.atLeast(ERROR, -9), -7, 2).measurements().getFirst().value());
    assertEquals(1.9, claim(Bound.between(ERROR, 1, 2), 1.2, 1.9).measurements().getFirst().value());
  }

  @Test
  void missingSeedsLeaveItOpen() {
    var measured = new Measured(2);
    measured.add(1, sheet(0.5));
    Claim claim = Gate.of("page:G1", "It is small.", Bound.atMost(ERROR, 1)).judge(measured);
    assertEquals(Verdict.INCONCLUSIVE, claim.verdict());
  }

  @Test
  void thresholdsAreReadOffTheBounds() {
    assertEquals("<= 1e-12", Gate.of("page:G1", "", Bound.atMost("a", 1e-12), Bound.atMost("b", 1e-12)).threshold());
    assertEquals("a <= 1.000000001; b >= 20; c in [-0.25, 0.25]", Gate.of("page:G1", "", Bound.atMost("a", 1 + 1e-9),
        Bound.atLeast("b", 20), Bound.between("c", -0.25, 0.25)).threshold());
  }

  @Test
  void sheetsKeepTheExtremesOfRepeatedMeasurements() {
    var sheet = new Measured.Sheet();
    sheet.largest("high", 1);
    sheet.largest("high", 3);
    sheet.smallest("low", 1);
    sheet.smallest("low", 3);
    sheet.largest("broken", Double.NaN);
    sheet.largest("broken", 1);
    assertEquals(3, sheet.values().get("high"));
    assertEquals(1, sheet.values().get("low"));
    assertEquals(Double.NaN, sheet.values().get("broken"));
  }

  private static Verdict verdict(Bound bound, double first, double second) {
    return claim(bound, first, second).verdict();
  }

  private static Claim claim(Bound bound, double first, double second) {
    var measured = new Measured(2);
    measured.add(0, sheet(first));
    measured.add(1, sheet(second));
    return Gate.of("page:G1", "It is small.", bound).judge(measured);
  }

  private static Measured.Sheet sheet(double value) {
    var sheet = new Measured.Sheet();
    sheet.put(ERROR, value);
    return sheet;
  }
}
