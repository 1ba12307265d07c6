package io.contraspectra.experiments.paper.ntkdrift;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DriftTraceTest {

  @Test
  void aTraceIsItsNumbers() {
    var drift = new TreeMap<>(Map.of(0, 0.0, 5, 0.1, 100, Double.POSITIVE_INFINITY));
    for (var trace : new DriftTrace[] {
        new DriftTrace(drift, OptionalInt.of(5), 1e-3, 7), new DriftTrace(drift, OptionalInt.empty(), Double.NaN, 0)}) {
      assertEquals(trace, DriftTrace.of(trace.sheet()));
    }
  }
}
