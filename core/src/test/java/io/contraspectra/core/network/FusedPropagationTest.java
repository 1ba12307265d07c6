package io.contraspectra.core.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FusedPropagationTest {

  private static Architecture architecture(Activation activation, int... widths) {
    return Architecture.ntk(activation, widths);
  }

  /** Against the plain passes: one layer to four, with and without biases, more rows and units than a tile has. */
  @EveryBackend
  void agreesWithPropagation(Backend backend, Activation activation) {
    for (Architecture architecture : List.of(
        architecture(activation, 5, 3),
        architecture(activation, 5, 270, 3),
        architecture(activation, 4, 9, 7, 2).withBiases(0.7),
        architecture(activation, 3, 6, 261, 8, 2).withInputScale(0.3))) {
      for (long samples : new long[] {1, 6, 520}) {
        agrees(backend, architecture, samples);
      }
    }
  }

  private static void agrees(Backend backend, Architecture architecture, long samples) {
    try (Network network = TestNetworks.gaussian(architecture, backend, DType.F64, 1);
        Matrix x = TestNetworks.inputs(backend, DType.F64, samples, architecture.inputs(), 2);
        Matrix cotangent = TestNetworks.inputs(backend, DType.F64, samples, architecture.outputs(), 3);
        Matrix expected = backend.zeros(DType.F64, 1, architecture.parameters());
        Matrix actual = backend.zeros(DType.F64, 1, architecture.parameters());
        var plain = new Propagation(network, samples);
        var fused = new FusedPropagation(network, samples)) {
      double size = backend.norm(plain.forward(x));
      assertTrue(backend.distance(plain.output(), fused.forward(x)) <= 1e-13 * size, architecture.toString());
      plain.gradient(cotangent, new Parameters(architecture, expected));
      fused.gradient(cotangent, new Parameters(architecture, actual));
      assertTrue(backend.distance(expected, actual) <= 1e-13 * backend.norm(expected), architecture.toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void sameBitsForAnyNumberOfThreads(DType dtype) {
    double[] one = gradient(1, dtype);
    for (int threads : new int[] {2, 3, 7}) {
      assertArrayEquals(one, gradient(threads, dtype), threads + " threads");
    }
  }

  private static double[] gradient(int threads, DType dtype) {
    Architecture architecture = architecture(Activation.RELU, 70, 700, 300, 6);
    try (Backend backend = Backends.cpu(threads);
        Network network = TestNetworks.gaussian(architecture, backend, dtype, 1);
        Matrix x = TestNetworks.inputs(backend, dtype, 1100, 70, 2);
        Matrix gradient = backend.zeros(dtype, 1, architecture.parameters());
        var fused = new FusedPropagation(network, 1100)) {
      Matrix f = fused.forward(x);
      fused.gradient(f, new Parameters(architecture, gradient));
      return gradient.toArray();
    }
  }

  @EveryBackend
  void refusesAnotherBatch(Backend backend) {
    try (Network network = TestNetworks.gaussian(architecture(Activation.TANH, 3, 2), backend, DType.F64, 1);
        Matrix x = backend.zeros(DType.F64, 4, 3);
        var fused = new FusedPropagation(network, 5)) {
      assertThrows(ShapeMismatch.class, () -> fused.forward(x));
    }
  }
}
