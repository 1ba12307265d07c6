package io.contraspectra.core.loss;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Parameters;
import io.contraspectra.core.network.Propagation;
import io.contraspectra.core.network.TestNetworks;

/** A8 of alphacl.md 10: InfoNCE without the positive in its denominator is the game of the min player under entropy. */
class TrajectoryTest {

  private static final long SAMPLES = 12;
  private static final int STEPS = 50;

  @EveryBackend
  void infoNceAndEntropyTakeTheSamePath(Backend backend) {
    for (long seed = 0; seed < 5; seed++) {
      double[] infoNce = trained(backend, AlphaLoss.infoNce(.5, 0).ofTwoViews(), seed);
      double[] entropy = trained(backend, AlphaLoss.entropy(.5, 1).ofTwoViews(), seed);
      double[] start = trained(backend, AlphaLoss.entropy(.5, 1).ofTwoViews(), seed, 0);
      double difference = 0;
      double path = 0;
      for (int i = 0; i < infoNce.length; i++) {
        difference = Math.max(difference, Math.abs(infoNce[i] - entropy[i]));
        path = Math.max(path, Math.abs(infoNce[i] - start[i]));
      }
      assertTrue(difference <= 1e-10, "parameters differ by " + difference);
      assertTrue(path > .1, "the parameters moved by " + path + " only");
    }
  }

  private static double[] trained(Backend backend, Loss loss, long seed) {
    return trained(backend, loss, seed, STEPS);
  }

  /** Parameters of a two-layer net after Adam steps of size 0.01. */
  private static double[] trained(Backend backend, Loss loss, long seed, int steps) {
    Architecture architecture = Architecture.ntk(Activation.TANH, 6, 10, 4);
    try (Network network = TestNetworks.gaussian(architecture, backend, DType.F64, seed);
        Matrix inputs = TestNetworks.inputs(backend, DType.F64, 2 * SAMPLES, 6, seed + 10);
        Matrix cotangent = backend.zeros(DType.F64, 2 * SAMPLES, 4);
        Matrix flat = backend.zeros(DType.F64, 1, architecture.parameters());
        var propagation = new Propagation(network, 2 * SAMPLES);
        var evaluation = loss.evaluation(backend, DType.F64, SAMPLES, 4)) {
      var gradient = new Parameters(architecture, flat);
      double[] parameters = network.parameters().flat().toArray();
      var mean = new double[parameters.length];
      var square = new double[parameters.length];
      for (int step = 1; step <= steps; step++) {
        evaluation.evaluate(propagation.forward(inputs), cotangent);
        propagation.gradient(cotangent, gradient);
        double[] g = flat.toArray();
        for (int i = 0; i < g.length; i++) {
          mean[i] = .9 * mean[i] + .1 * g[i];
          square[i] = .999 * square[i] + .001 * g[i] * g[i];
          parameters[i] -= .01 * mean[i] / (1 - Math.pow(.9, step))
              / (Math.sqrt(square[i] / (1 - Math.pow(.999, step))) + 1e-8);
        }
        network.parameters().flat().copyFrom(parameters);
      }
      return parameters;
    }
  }
}
