package io.contraspectra.core.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.manifold.ExactFlow;
import io.contraspectra.core.manifold.Retraction;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.manifold.TraceObjective;
import io.contraspectra.core.manifold.TwoLayerDescent;
import io.contraspectra.core.manifold.WideTwoLayerFlow;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;
import java.util.List;

/** Two-layer linear dynamics against an independent program; tolerance of the manifest. */
class TwoLayerGoldenTest {

  private static final double TOLERANCE = 1e-9;

  @EveryBackend
  void orthonormalLayers(Backend backend) {
    try (Golden golden = Golden.open("dyn/shared-twolayer")) {
      for (String name : List.of("c0_", "c1_")) {
        try (Matrix c = golden.matrix(name + "C", backend);
            Matrix w1 = golden.matrix(name + "W1", backend);
            Matrix w2 = golden.matrix(name + "W2", backend);
            var objective = TraceObjective.of(backend, c);
            var descent = new TwoLayerDescent(objective, w1, w2, Retraction.QR, golden.number(name + "eta"));
            var flow = new ExactFlow(objective, descent.effective())) {
          for (int step = 0; step < 50; step++) {
            descent.step();
          }
          golden.assertClose(name + "qr50_W1", descent.first(), TOLERANCE);
          golden.assertClose(name + "qr50_W2", descent.second(), TOLERANCE);
          assertEffectiveProjectors(golden, name, flow, backend);
        }
      }
    }
  }

  private static void assertEffectiveProjectors(Golden golden, String name, ExactFlow flow, Backend backend) {
    double[] times = golden.doubles(name + "times");
    double[] projectors = golden.doubles(name + "Peff");
    int size = projectors.length / times.length;
    for (int i = 0; i < times.length; i++) {
      flow.advanceTo(times[i]);
      try (Matrix p = Stiefel.projector(backend, flow.frame())) {
        assertArrayEquals(Arrays.copyOfRange(projectors, i * size, (i + 1) * size), p.toArray(), TOLERANCE, name);
      }
    }
  }

  @EveryBackend
  void wideLayers(Backend backend) {
    try (Golden golden = Golden.open("dyn/shared-twolayer");
        Matrix c = golden.matrix("wide_C", backend);
        Matrix v = golden.matrix("wide_V", backend);
        Matrix w2 = golden.matrix("wide_W2", backend);
        var objective = TraceObjective.of(backend, c);
        var flow = WideTwoLayerFlow.ofLayers(objective, v, w2)) {
      flow.advanceTo(golden.number("wide_T"));
      golden.assertClose("wide_Weff_T", flow.effective(), TOLERANCE);
    }
  }
}
