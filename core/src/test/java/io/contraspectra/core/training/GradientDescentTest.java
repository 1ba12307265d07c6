package io.contraspectra.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.loss.Similarity;
import io.contraspectra.core.loss.TripletLoss;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.TestNetworks;
import io.contraspectra.core.ntk.EmpiricalNtk;
import io.contraspectra.core.ntk.NtkDrift;
import java.util.List;

/** The exact invariants of ntk.md 1, the one-step identity of 3(a), and what happens when a run diverges. */
class GradientDescentTest {

  private static final int N = 6;

  private static Network network(Activation activation, Backend backend) {
    return TestNetworks.gaussian(Architecture.ntk(activation, 4, 32, 3), backend, DType.F64, 1);
  }

  private static Matrix inputs(Backend backend) {
    return TestNetworks.inputs(backend, DType.F64, 3 * N, 4, 2);
  }

  private static GradientDescent descent(Network network, Matrix inputs, String loss, double stepSize) {
    return new GradientDescent(network, TripletLoss.named(loss, 0.5), inputs, stepSize, TrainedLayers.ALL);
  }

  /** f is linear in the readout W, and a cosine loss does not see the length of f: W is orthogonal to its gradient. */
  @EveryBackend
  void cosineGradientsAreOrthogonalToTheReadout(Backend backend) {
    for (Activation activation : Activation.values()) {
      for (TripletLoss loss : TripletLoss.catalogue(0.5)) {
        if (loss.similarity() == Similarity.COS) {
          try (Network network = network(activation, backend); Matrix x = inputs(backend);
              var descent = descent(network, x, loss.name(), 0.5)) {
            descent.evaluate();
            assertOrthogonal(backend, network.parameters().weight(2), descent.gradient().weight(2), activation, loss);
            if (activation == Activation.RELU) {
              // ReLU is positively homogeneous, so the same holds one layer down.
              assertOrthogonal(backend, network.parameters().weight(1), descent.gradient().weight(1), activation, loss);
            }
          }
        }
      }
    }
  }

  private static void assertOrthogonal(
      Backend backend, Matrix weights, Matrix gradient, Activation activation, TripletLoss loss) {
    double size = backend.norm(weights) * backend.norm(gradient);
    assertTrue(Math.abs(backend.dot(weights, gradient)) <= 1e-14 * size, activation + " " + loss.name());
  }

  /** Hence the squared norm of the readout grows by exactly the squared steps. */
  @EveryBackend
  void readoutGrowsByTheSquaredSteps(Backend backend) {
    double eta = 0.3;
    for (String loss : List.of("cos-linear", "cos-infonce", "cos-ntxent")) {
      try (Network network = network(Activation.ERF, backend); Matrix x = inputs(backend);
          var descent = descent(network, x, loss, eta)) {
        Matrix readout = network.parameters().weight(2);
        double expected = backend.dot(readout, readout);
        for (int step = 0; step < 50; step++) {
          descent.evaluate();
          Matrix gradient = descent.gradient().weight(2);
          expected += eta * eta * backend.dot(gradient, gradient);
          descent.update();
        }
        assertEquals(expected, backend.dot(readout, readout), 1e-12 * expected, loss);
      }
    }
  }

  /** ‖f_1 − f_0 + eta Theta_0 g‖/‖eta Theta_0 g‖ falls in proportion to eta: the kernel is the first-order motion. */
  @EveryBackend
  void oneSmallStepMovesTheOutputsByTheKernel(Backend backend) {
    double coarse = linearisationError(backend, 1e-2);
    double fine = linearisationError(backend, 1e-4);
    assertTrue(coarse < 0.1, "error " + coarse);
    assertEquals(1e-2, fine / coarse, 1e-3);
  }

  private static double linearisationError(Backend backend, double eta) {
    try (Network network = network(Activation.ERF, backend); Matrix x = inputs(backend);
        Matrix start = network.apply(x);
        Matrix kernel = EmpiricalNtk.of(network).full(x);
        var linear = new LinearisedDescent(backend, kernel, start, TripletLoss.named("cos-linear", 1), eta);
        var descent = descent(network, x, "cos-linear", eta)) {
      descent.step();
      linear.step();
      descent.evaluate();
      return backend.distance(descent.outputs(), linear.outputs()) / backend.distance(linear.outputs(), start);
    }
  }

  @EveryBackend
  void dotLinearRunsDivergeAndSaySo(Backend backend) {
    try (Network network = network(Activation.RELU, backend); Matrix x = inputs(backend);
        var drift = new NtkDrift(network, x.rowRange(0, N));
        var descent = descent(network, x, "dot-linear", 5)) {
      int steps = 0;
      while (steps < 500) {
        double loss = descent.step();
        if (descent.hasDiverged()) {
          assertTrue(Double.isNaN(loss));
          break;
        }
        steps++;
      }
      assertTrue(steps > 0 && steps < 500, "diverged after " + steps);
      assertTrue(drift.relative() > 1);
    }
  }

  @EveryBackend
  void repeatsItselfToTheLastBit(Backend backend) {
    try (Network one = network(Activation.GELU, backend); Network two = one.copy(); Matrix x = inputs(backend);
        var first = descent(one, x, "cos-ntxent", 0.5); var second = descent(two, x, "cos-ntxent", 0.5)) {
      for (int step = 0; step < 5; step++) {
        first.step();
        second.step();
      }
      assertFalse(first.hasDiverged());
      assertEquals(0, backend.distance(one.parameters().flat(), two.parameters().flat()));
    }
  }

  @EveryBackend
  void singleTripletSingleUnitSingleOutput(Backend backend) {
    try (Network network = TestNetworks.gaussian(Architecture.ntk(Activation.TANH, 1, 1, 1), backend, DType.F64, 3);
        Matrix x = TestNetworks.inputs(backend, DType.F64, 3, 1, 4);
        var descent = descent(network, x, "dot-logistic", 0.1)) {
      double before = descent.step();
      double after = descent.evaluate();
      assertTrue(after < before, after + " after one step from " + before);
    }
  }

  @EveryBackend
  void refusesWhatCannotBeTrained(Backend backend) {
    try (Network network = network(Activation.RELU, backend); Matrix x = inputs(backend);
        Matrix four = TestNetworks.inputs(backend, DType.F64, 4, 4, 1);
        Matrix narrow = TestNetworks.inputs(backend, DType.F64, 3, 2, 1)) {
      assertThrows(InvalidArgument.class, () -> descent(network, x, "cos-linear", 0));
      assertThrows(InvalidArgument.class, () -> descent(network, x, "cos-linear", Double.NaN));
      assertTrue(assertThrows(ShapeMismatch.class, () -> descent(network, four, "cos-linear", 1)).getMessage()
          .contains("multiple of 3"));
      try (var descent = descent(network, narrow, "cos-linear", 1)) {
        assertThrows(ShapeMismatch.class, descent::evaluate);
      }
      try (var descent = descent(network, x, "cos-linear", 1)) {
        assertThrows(InvalidArgument.class, descent::gradient);
      }
    }
  }
}
