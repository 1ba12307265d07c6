package io.contraspectra.core.golden;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.ntk.InfiniteNtk;
import java.util.List;

/** Infinite-width kernels against 40-digit arithmetic; tolerances of the manifest. */
class InfiniteNtkGoldenTest {

  private static final double TOLERANCE = 1e-11;

  /** Near-parallel inputs lose half the digits of the ReLU angle in double precision. */
  private static final double RELU_NTK_TOLERANCE = 2e-7;

  @EveryBackend
  void kernels(Backend backend) {
    for (String name : List.of("unit", "bias")) {
      try (Golden golden = Golden.open("ntk/shared-inf-" + name); Matrix x = golden.matrix("X", backend)) {
        for (Activation activation : List.of(Activation.RELU, Activation.ERF, Activation.GELU)) {
          for (int layers = 2; layers <= 4; layers++) {
            var limit = new InfiniteNtk(activation, layers, golden.number("in_scale"), golden.number("sb2"));
            try (var kernels = limit.kernels(backend, x)) {
              String prefix = activation.label() + "_L" + layers;
              golden.assertClose(prefix + "_nngp", kernels.nngp(), TOLERANCE);
              golden.assertClose(prefix + "_ntk", kernels.ntk(),
                  activation == Activation.RELU ? RELU_NTK_TOLERANCE : TOLERANCE);
            }
          }
        }
      }
    }
  }
}
