package io.contraspectra.core.golden;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.manifold.KernelFlow;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;
import java.util.List;

/** The kernel dual and its extension to new points against the primal flow; tolerance of the manifest. */
class KernelFlowGoldenTest {

  private static final double TOLERANCE = 1e-9;

  @EveryBackend
  void gramsAndNewPoints(Backend backend) {
    try (Golden golden = Golden.open("dyn/shared-kernel")) {
      for (String name : List.of("c0_", "c1_")) {
        try (Matrix k = golden.matrix(name + "K", backend);
            Matrix s = golden.matrix(name + "S", backend);
            Matrix f0 = golden.matrix(name + "F0", backend);
            Matrix kernelNew = golden.matrix(name + "knew", backend);
            Matrix startNew = golden.matrix(name + "f0new", backend);
            var flow = new KernelFlow(backend, k, s, f0)) {
          double[] times = golden.doubles(name + "times");
          for (int i = 0; i < times.length; i++) {
            flow.advanceTo(times[i]);
            assertProduct(golden, name + "gram", i, flow.outputs(), flow.outputs(), backend);
            try (Matrix predicted = flow.predict(kernelNew, startNew)) {
              assertProduct(golden, name + "crossgram_new", i, predicted, flow.outputs(), backend);
            }
          }
        }
      }
    }
  }

  /** Slice i of the array is ABᵀ: outputs are defined up to a rotation, their products are not. */
  private static void assertProduct(Golden golden, String array, int i, Matrix a, Matrix b, Backend backend) {
    int size = Math.toIntExact(a.rows() * b.rows());
    double[] slice = Arrays.copyOfRange(golden.doubles(array), i * size, (i + 1) * size);
    try (Matrix expected = backend.matrix(a.rows(), b.rows(), slice);
        Matrix product = backend.zeros(DType.F64, a.rows(), b.rows())) {
      backend.gemm(NO, YES, 1, a, b, 0, product);
      assertEquals(0, backend.distance(expected, product) / backend.norm(expected), TOLERANCE, array + " " + i);
    }
  }
}
