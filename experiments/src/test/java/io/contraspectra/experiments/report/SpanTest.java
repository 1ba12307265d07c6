package io.contraspectra.experiments.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SpanTest {
  @Test
  void surroundsTheValuesThatTheAxisCanShow() {
    Span span = Span.around(Axis.log("y"), DoubleStream.of(0.01, 10, -1, 0, Double.NaN, Double.POSITIVE_INFINITY));
    assertTrue(span.min() < 0.01 && span.min() > 0.005);
    assertTrue(span.max() > 10 && span.max() < 20);
    assertTrue(span.isLabelledByDecades());
  }

  @Test
  void hasTwoLabelsWhereverItLies() {
    for (double low = 1; low < 10; low *= 1.07) {
      for (double length = 1; length < 100; length *= 1.3) {
        Span span = Span.around(Axis.log("y"), DoubleStream.of(low, low * length));
        assertTrue(labels(span) >= 2, span::toString);
      }
    }
  }

  @Test
  void hasALengthAroundOneValueOrNone() {
    for (Axis axis : new Axis[] {Axis.linear("y"), Axis.log("y")}) {
      for (double[] values : new double[][] {{}, {5}, {1e-12, 1e-12}, {1e12}}) {
        Span span = Span.around(axis, DoubleStream.of(values));
        assertTrue(span.min() < span.max(), span::toString);
        assertTrue(DoubleStream.of(values).allMatch(span::contains), span::toString);
      }
    }
  }

  @Test
  void movesByFractionsOfItsLength() {
    Span span = new Span(Axis.log("x"), 1, 10_000);
    assertEquals(10, span.shift(1, 0.25), 1e-12);
    assertEquals(1, span.clamp(-3));
    assertFalse(span.contains(0.99));
  }

  private static int labels(Span span) {
    int labels = 0;
    for (int power = -3; power < 5; power++) {
      for (int digit = 1; digit <= (span.isLabelledByDecades() ? 1 : 9); digit++) {
        labels += span.contains(digit * Math.pow(10, power)) ? 1 : 0;
      }
    }
    return labels;
  }
}
