package io.contraspectra.core.golden;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.loss.LossEvaluation;
import io.contraspectra.core.loss.Losses;
import io.contraspectra.core.loss.SideArray;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.List;
import java.util.Map;

/** Values and gradients of the losses of two views against autograd; tolerance of the manifest. */
class ViewLossGoldenTest {

  private static final double TOLERANCE = 1e-10;
  private static final String FILE = "spec/shared-losses";

  @EveryBackend
  void embeddingsAlone(Backend backend) {
    try (Golden golden = Golden.open(FILE); Matrix views = golden.stacked(backend, "Za", "Zb")) {
      for (String name : List.of("infonce-dot", "infonce-cos", "clip-cos", "ntxent", "vicreg", "barlow",
          "spectral-batch")) {
        check(golden, views, name, Map.of(), SideArrays.NONE, name.replace('-', '_'), backend);
      }
      check(golden, views, "barlow", Map.of("eps", "0", "lambda", "0.5"), SideArrays.NONE, "barlow_eps0", backend);
    }
  }

  @EveryBackend
  void predictor(Backend backend) {
    try (Golden golden = Golden.open(FILE);
        Matrix views = golden.stacked(backend, "Za", "Zb");
        Matrix predictor = golden.matrix("P", backend)) {
      var sides = SideArrays.of(SideArray.PREDICTOR, predictor);
      check(golden, views, "simsiam-cos", Map.of(), sides, "simsiam_cos", backend);
      check(golden, views, "simsiam-mse", Map.of(), sides, "simsiam_mse", backend);
    }
  }

  @EveryBackend
  void queue(Backend backend) {
    try (Golden golden = Golden.open(FILE);
        Matrix views = golden.stacked(backend, "Za", "Zb");
        Matrix queue = golden.matrix("nnclr_queue", backend)) {
      check(golden, views, "nnclr", Map.of(), SideArrays.of(SideArray.QUEUE, queue), "nnclr", backend);
    }
  }

  private static void check(Golden golden, Matrix views, String name, Map<String, String> constants, SideArrays sides,
      String prefix, Backend backend) {
    long n = views.rows() / 2;
    try (Matrix gradient = backend.zeros(DType.F64, views.rows(), views.cols());
        LossEvaluation evaluation =
            Losses.named(name, constants).evaluation(backend, DType.F64, n, views.cols(), sides)) {
      golden.assertClose(prefix + "_loss", new double[] {evaluation.evaluate(views, gradient)}, TOLERANCE);
      if (golden.has(prefix + "_gradA")) {
        golden.assertClose(prefix + "_gradA", gradient.rowRange(0, n), TOLERANCE);
      }
      golden.assertClose(prefix + "_gradB", gradient.rowRange(n, n), TOLERANCE);
      evaluation.parameterGradient()
          .ifPresent(predictor -> golden.assertClose(prefix + "_gradP", predictor, TOLERANCE));
    }
  }
}
