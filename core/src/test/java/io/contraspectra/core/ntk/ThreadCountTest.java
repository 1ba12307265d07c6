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
import java.util.Arrays;
import org.junit.jupiter.api.Test;
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

  /** A layer so wide that engines may form the Gram of its slopes by tables. */
  @Test
  void wideTrace() {
    var wide = Architecture.ntk(Activation.RELU, 20, 4096, 3);
    double[] expected = kernel(2, DType.F64, wide, 600, EmpiricalNtk::trace);
    double[] actual = kernel(2, DType.F32, wide, 600, EmpiricalNtk::trace);
    double largest = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
    assertArrayEquals(expected, actual, 3e-5 * largest);
    assertArrayEquals(actual, kernel(1, DType.F32, wide, 600, EmpiricalNtk::trace), "1 thread");
    assertArrayEquals(actual, kernel(3, DType.F32, wide, 600, EmpiricalNtk::trace), "3 threads");
  }

  private interface Kernel {
    Matrix of(EmpiricalNtk ntk, Matrix x);
  }

  private static double[] kernel(int threads, DType dtype, Kernel kernel) {
    return kernel(threads, dtype, ARCHITECTURE, 131, kernel);
  }

  private static double[] kernel(int threads, DType dtype, Architecture architecture, int samples, Kernel kernel) {
    try (Backend backend = Backends.cpu(threads);
        Network network = TestNetworks.gaussian(architecture, backend, dtype, 1);
        Matrix x = TestNetworks.inputs(backend, dtype, samples, architecture.inputs(), 2);
        Matrix gram = kernel.of(EmpiricalNtk.of(network), x)) {
      return gram.toArray();
    }
  }
}
