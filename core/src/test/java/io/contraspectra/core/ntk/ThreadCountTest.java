package io.contraspectra.core.ntk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.TestNetworks;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A kernel has the same bits for any number of threads. */
class ThreadCountTest {

  private static final Architecture ARCHITECTURE = Architecture.ntk(Activation.RELU, 30, 90, 70, 6);

  @ParameterizedTest
  @EnumSource
  void sameBits(DType dtype) {
    double[] full = kernel(1, dtype, EmpiricalNtk::full);
    double[] trace = kernel(1, dtype, EmpiricalNtk::trace);
    for (int threads : new int[] {2, 3, 7}) {
      assertArrayEquals(full, kernel(threads, dtype, EmpiricalNtk::full), threads + " threads");
      assertArrayEquals(trace, kernel(threads, dtype, EmpiricalNtk::trace), threads + " threads");
    }
  }

  private interface Kernel {
    Matrix of(EmpiricalNtk ntk, Matrix x);
  }

  private static double[] kernel(int threads, DType dtype, Kernel kernel) {
    try (Backend backend = Backends.cpu(threads);
        Network network = TestNetworks.gaussian(ARCHITECTURE, backend, dtype, 1);
        Matrix x = TestNetworks.inputs(backend, dtype, 131, 30, 2);
        Matrix gram = kernel.of(EmpiricalNtk.of(network), x)) {
      return gram.toArray();
    }
  }
}
