package io.contraspectra.core.optimize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class LbfgsTest {

  /** Rosenbrock's valley in n dimensions: minimum 0 at (1, …, 1). */
  private static double rosenbrock(Matrix theta, Matrix gradient) {
    double[] x = theta.toArray();
    var g = new double[x.length];
    double value = 0;
    for (int i = 0; i + 1 < x.length; i++) {
      double a = x[i + 1] - x[i] * x[i];
      double b = 1 - x[i];
      value += 100 * a * a + b * b;
      g[i] += -400 * a * x[i] - 2 * b;
      g[i + 1] += 200 * a;
    }
    gradient.copyFrom(g);
    return value;
  }

  /** Σ (i+1)² x_i²/2 − x_i over a bowl of condition n². */
  private static double bowl(Matrix theta, Matrix gradient) {
    double[] x = theta.toArray();
    var g = new double[x.length];
    double value = 0;
    for (int i = 0; i < x.length; i++) {
      double curvature = (i + 1.0) * (i + 1.0);
      value += curvature * x[i] * x[i] / 2 - x[i];
      g[i] = curvature * x[i] - 1;
    }
    gradient.copyFrom(g);
    return value;
  }

  /** Σ x_i − log x_i, which ends at 0: minimum at (1, …, 1). */
  private static double barrier(Matrix theta, Matrix gradient) {
    double[] x = theta.toArray();
    var g = new double[x.length];
    double value = 0;
    for (int i = 0; i < x.length; i++) {
      value += x[i] > 0 ? x[i] - Math.log(x[i]) : Double.NaN;
      g[i] = 1 - 1 / x[i];
    }
    gradient.copyFrom(g);
    return value;
  }

  private static Matrix constant(Backend backend, DType dtype, long rows, long cols, double value) {
    Matrix theta = backend.zeros(dtype, rows, cols);
    backend.fill(value, theta);
    return theta;
  }

  @EveryBackend
  void findsTheEndOfACurvedValley(Backend backend) {
    try (Matrix theta = constant(backend, DType.F64, 2, 5, -1); var lbfgs = new Lbfgs(backend, theta, 10)) {
      Lbfgs.Result result = lbfgs.minimise(LbfgsTest::rosenbrock, theta, Lbfgs.Stop.at(1e-9));
      assertTrue(result.converged() && result.iterations() < 150, result::toString);
      for (double x : theta.toArray()) {
        assertEquals(1, x, 1e-8);
      }
    }
  }

  @EveryBackend
  void anIllConditionedBowlTakesFewIterationsOfOneEvaluationEach(Backend backend) {
    try (Matrix theta = constant(backend, DType.F64, 1, 12, 0); var lbfgs = new Lbfgs(backend, theta, 12)) {
      Lbfgs.Result result = lbfgs.minimise(LbfgsTest::bowl, theta, Lbfgs.Stop.at(1e-12));
      assertTrue(result.converged() && result.iterations() <= 70, result::toString);
      assertTrue(result.evaluations() <= 1.2 * result.iterations(), result::toString);
      for (int i = 0; i < 12; i++) {
        assertEquals(1 / ((i + 1.0) * (i + 1.0)), theta.get(0, i), 1e-11);
      }
    }
  }

  @EveryBackend
  void stepsBackFromWhereTheFunctionEnds(Backend backend) {
    try (Matrix theta = constant(backend, DType.F64, 1, 3, 50); var lbfgs = new Lbfgs(backend, theta, 5)) {
      Lbfgs.Result result = lbfgs.minimise(LbfgsTest::barrier, theta, Lbfgs.Stop.at(1e-10));
      assertTrue(result.converged(), result::toString);
      assertArrayEquals(new double[] {1, 1, 1}, theta.toArray(), 1e-9);
    }
  }

  /** Values that are small differences of large terms have noise that no decrease near the minimum rises above. */
  @EveryBackend
  void slopesDecideWhereValuesAreNoise(Backend backend) {
    try (Matrix theta = constant(backend, DType.F64, 1, 6, 0); var lbfgs = new Lbfgs(backend, theta, 10)) {
      Lbfgs.Result result = lbfgs.minimise(
          (at, gradient) -> 100 + bowl(at, gradient) - 100, theta, Lbfgs.Stop.at(1e-12));
      assertTrue(result.converged(), result::toString);
      assertTrue(result.evaluations() <= 2 * result.iterations(), result::toString);
      for (int i = 0; i < 6; i++) {
        assertEquals(1 / ((i + 1.0) * (i + 1.0)), theta.get(0, i), 1e-11);
      }
    }
  }

  /**
   * Along the last axis the function is flat to fourth order. Its curvature there is far below what the memory holds,
   * steps stay short for dozens of iterations, and all the while values are rounding.
   */
  @EveryBackend
  void directionsOfFourthOrderAreFollowedBelowTheRoundingOfValues(Backend backend) {
    for (int run = 0; run < 20; run++) {
      double tilt = 1 + 0.01 * run;
      try (Matrix theta = constant(backend, DType.F64, 1, 8, 0.1);
          var lbfgs = new Lbfgs(backend, theta, 20, 1)) {
        Lbfgs.Result result = lbfgs.minimise((at, gradient) -> flatAlongTheLast(at, gradient, tilt), theta,
            Lbfgs.Stop.at(1e-14));
        assertTrue(Math.abs(theta.get(0, 7)) < 1e-4, theta.get(0, 7) + " " + result);
        assertTrue(result.gradient() < 1e-11 && result.evaluations() < 400, result::toString);
      }
    }
  }

  /** {@code Σ_i i(x_i − 1e-3 − tilt y²)²/2 + y⁴/2} with y the last coordinate, rounded as numbers around 1 are. */
  private static double flatAlongTheLast(Matrix theta, Matrix gradient, double tilt) {
    double[] x = theta.toArray();
    int last = x.length - 1;
    var g = new double[x.length];
    double y = x[last];
    double value = 1 + y * y * y * y / 2;
    g[last] = 2 * y * y * y;
    for (int i = 0; i < last; i++) {
      double gap = x[i] - 1e-3 - tilt * y * y;
      value += (i + 1) * gap * gap / 2;
      g[i] = (i + 1) * gap;
      g[last] -= 2 * tilt * y * g[i];
    }
    gradient.copyFrom(g);
    return value - 1;
  }

  @EveryBackend
  void singlePrecisionEndsWhereItsRoundingBegins(Backend backend) {
    try (Matrix theta = constant(backend, DType.F32, 1, 4, 0); var lbfgs = new Lbfgs(backend, theta, 5)) {
      Lbfgs.Result result = lbfgs.minimise(LbfgsTest::bowl, theta, Lbfgs.Stop.at(0));
      assertTrue(result.iterations() < 1000, result::toString);
      assertEquals(0.25, theta.get(0, 1), 1e-5);
    }
  }

  @EveryBackend
  void continuesToTheSameBits(Backend backend) {
    try (Matrix theta = constant(backend, DType.F64, 1, 6, -1);
        Matrix gradient = backend.zeros(DType.F64, 1, 6);
        var whole = new Lbfgs(backend, theta, 3);
        var second = new Lbfgs(backend, theta, 3);
        Matrix copy = backend.zeros(DType.F64, 1, 6);
        Matrix copyGradient = backend.zeros(DType.F64, 1, 6)) {
      double value = run(whole, theta, gradient, rosenbrock(theta, gradient), 7);
      backend.copy(theta, copy);
      backend.copy(gradient, copyGradient);
      for (int i = 0; i < whole.state().size(); i++) {
        backend.copy(whole.state().get(i), second.state().get(i));
      }
      second.restore(whole.counters());
      double end = run(whole, theta, gradient, value, 9);
      assertEquals(end, run(second, copy, copyGradient, value, 9));
      assertArrayEquals(theta.toArray(), copy.toArray());
    }
  }

  private static double run(Lbfgs lbfgs, Matrix theta, Matrix gradient, double start, int steps) {
    double value = start;
    for (int i = 0; i < steps; i++) {
      OptionalDouble next = lbfgs.step(LbfgsTest::rosenbrock, theta, value, gradient, 1);
      assertTrue(next.isPresent() && next.getAsDouble() < value);
      value = next.getAsDouble();
    }
    return value;
  }

  @EveryBackend
  void staysWhereThereIsNoWayDown(Backend backend) {
    try (Matrix theta = constant(backend, DType.F64, 1, 2, 3); var lbfgs = new Lbfgs(backend, theta, 5)) {
      // Its gradient is a lie: the function rises wherever it is said to fall.
      Lbfgs.Result result = lbfgs.minimise((at, gradient) -> {
        backend.fill(-1, gradient);
        return backend.sum(at);
      }, theta, Lbfgs.Stop.at(1e-6));
      assertFalse(result.converged());
      assertArrayEquals(new double[] {3, 3}, theta.toArray());
    }
  }

  @Test
  void refusesNonsense() {
    try (Backend backend = TestBackend.REFERENCE.open();
        Matrix theta = backend.zeros(DType.F64, 1, 2);
        Matrix other = backend.zeros(DType.F64, 2, 1);
        var lbfgs = new Lbfgs(backend, theta, 2)) {
      assertThrows(InvalidArgument.class, () -> new Lbfgs(backend, theta, 0));
      assertThrows(InvalidArgument.class, () -> new Lbfgs(backend, theta, 2, Double.NaN));
      assertThrows(InvalidArgument.class, () -> new Lbfgs.Stop(-1, 0, 5));
      assertThrows(InvalidArgument.class, () -> lbfgs.restore(new long[] {1, 2}));
      assertThrows(InvalidArgument.class, () -> lbfgs.restore(new long[] {1}));
      assertThrows(ShapeMismatch.class, () -> lbfgs.step(LbfgsTest::bowl, other, 0, other, 1));
    }
  }
}
