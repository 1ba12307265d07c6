package io.contraspectra.core.optimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The first-order rules against their textbook formulas, entry by entry. */
class OptimizersTest {

  private static final double ETA = 0.05;
  private static final int STEPS = 12;

  /** A gradient that changes from step to step and from place to place. */
  private static double[] slope(double[] theta, int step) {
    var slope = new double[theta.length];
    for (int i = 0; i < theta.length; i++) {
      slope[i] = Math.sin(theta[i] + step) + 0.1 * i % 1;
    }
    return slope;
  }

  private static double[] start(int length) {
    return new Random(3).doubles(length, -1, 1).toArray();
  }

  @EveryBackend
  void everyRuleFollowsItsFormula(Backend backend, Optimizers rule) {
    if (rule == Optimizers.LBFGS) {
      return;
    }
    double[] expected = start(35);
    var first = new double[35];
    var second = new double[35];
    try (Matrix theta = backend.matrix(5, 7, start(35));
        Matrix gradient = backend.zeros(DType.F64, 5, 7);
        Optimizer optimizer = rule.create(backend, theta)) {
      for (int step = 1; step <= STEPS; step++) {
        double[] g = slope(expected, step);
        for (int i = 0; i < g.length; i++) {
          switch (rule) {
            case MOMENTUM -> {
              first[i] = 0.9 * first[i] + g[i];
              expected[i] -= ETA * first[i];
            }
            case ADAM -> {
              first[i] = 0.9 * first[i] + 0.1 * g[i];
              second[i] = 0.999 * second[i] + 0.001 * g[i] * g[i];
              expected[i] -= ETA * first[i] / (1 - Math.pow(0.9, step))
                  / (Math.sqrt(second[i] / (1 - Math.pow(0.999, step))) + 1e-8);
            }
            default -> expected[i] -= ETA * g[i];
          }
        }
        gradient.copyFrom(slope(theta.toArray(), step));
        assertTrue(optimizer.step((_, _) -> 0, theta, 0, gradient, ETA).isEmpty());
      }
      assertArrayEquals(expected, theta.toArray(), 1e-13);
    }
  }

  /** More parameters than one piece, and a state that is carried over in the middle. */
  @EveryBackend
  void continuesToTheSameBits(Backend backend, DType dtype) {
    int length = 40_000;
    try (Matrix theta = backend.zeros(dtype, 1, length);
        Matrix gradient = backend.zeros(dtype, 1, length);
        Matrix copy = backend.zeros(dtype, 1, length);
        Optimizer whole = Optimizers.ADAM.create(backend, theta);
        Optimizer second = Optimizers.ADAM.create(backend, theta)) {
      theta.copyFrom(start(length));
      run(whole, theta, gradient, 0, 3);
      backend.copy(theta, copy);
      for (int i = 0; i < whole.state().size(); i++) {
        backend.copy(whole.state().get(i), second.state().get(i));
      }
      second.restore(whole.counters());
      run(whole, theta, gradient, 3, 6);
      run(second, copy, gradient, 3, 6);
      assertArrayEquals(theta.toArray(), copy.toArray());
    }
  }

  private static void run(Optimizer optimizer, Matrix theta, Matrix gradient, int from, int to) {
    for (int step = from; step < to; step++) {
      gradient.copyFrom(slope(theta.toArray(), step));
      optimizer.step((_, _) -> 0, theta, 0, gradient, ETA);
    }
  }

  @Test
  void names() {
    for (Optimizers rule : Optimizers.values()) {
      assertSame(rule, Optimizers.named(rule.label()));
    }
    assertTrue(assertThrows(InvalidArgument.class, () -> Optimizers.named("adma")).getMessage().contains("adam"));
  }

  @Test
  void schedules() {
    assertEquals(1, Schedule.CONSTANT.factor(1000));
    Schedule cosine = new Schedule.Cosine(100);
    assertEquals(1, cosine.factor(0));
    assertEquals(0.5, cosine.factor(50), 1e-15);
    assertEquals(0, cosine.factor(100));
    Schedule step = new Schedule.Decay(10, 0.5);
    assertEquals(1, step.factor(9));
    assertEquals(0.25, step.factor(25));
    Schedule warm = new Schedule.WarmUp(3, step);
    assertArrayEquals(new double[] {0.25, 0.5, 0.75, 1, 1},
        new double[] {warm.factor(0), warm.factor(1), warm.factor(2), warm.factor(3), warm.factor(12)});
    assertEquals(0.5, warm.factor(13));
    assertThrows(InvalidArgument.class, () -> new Schedule.Cosine(0));
    assertThrows(InvalidArgument.class, () -> new Schedule.Decay(0, 0.5));
    assertThrows(InvalidArgument.class, () -> new Schedule.Decay(1, 1.5));
    assertThrows(InvalidArgument.class, () -> new Schedule.WarmUp(-1, cosine));
  }
}
