package io.contraspectra.core.golden;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.loss.LossEvaluation;
import io.contraspectra.core.loss.Losses;
import io.contraspectra.core.loss.SideArray;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.HashMap;
import java.util.Map;

/** Values and gradients of the losses on a graph against autograd; tolerance of the manifest. */
class GraphLossGoldenTest {

  private static final double TOLERANCE = 1e-10;
  private static final Map<String, String> WEIGHTS = Map.of("alpha", "2", "beta", "3", "gamma", "0.4");

  @EveryBackend
  void everyLoss(Backend backend) {
    try (Golden golden = Golden.open("spec/shared-losses");
        Matrix z = golden.matrix("Za", backend);
        Matrix graph = golden.matrix("G", backend)) {
      var ddof = new HashMap<>(WEIGHTS);
      ddof.put("ddof", "1");
      check(golden, z, graph, "graph-vicreg-sq", WEIGHTS, "graph_vicreg_sq", backend);
      check(golden, z, graph, "graph-vicreg-sq", ddof, "graph_vicreg_sq_ddof1", backend);
      check(golden, z, graph, "graph-vicreg-hinge", WEIGHTS, "graph_vicreg_hinge", backend);
      check(golden, z, graph, "graph-spectral", Map.of(), "graph_spectral", backend);
      check(golden, z, graph, "graph-simclr-sq", Map.of(), "graph_simclr_sq", backend);
      check(golden, z, graph, "graph-infonce-cos", Map.of(), "graph_infonce_cos", backend);
      check(golden, z, graph, "graph-infonce-dist", Map.of(), "graph_infonce_dist", backend);
      check(golden, z, graph, "graph-barlow", Map.of(), "graph_barlow", backend);
    }
  }

  private static void check(Golden golden, Matrix z, Matrix graph, String name, Map<String, String> constants,
      String prefix, Backend backend) {
    try (Matrix gradient = backend.zeros(DType.F64, z.rows(), z.cols());
        LossEvaluation evaluation = Losses.named(name, constants)
            .evaluation(backend, DType.F64, z.rows(), z.cols(), SideArrays.of(SideArray.GRAPH, graph))) {
      golden.assertClose(prefix + "_loss", new double[] {evaluation.evaluate(z, gradient)}, TOLERANCE);
      golden.assertClose(prefix + "_grad", gradient, TOLERANCE);
    }
  }
}
