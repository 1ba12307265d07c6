package io.contraspectra.core.golden;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.loss.TripletLoss;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.List;

/** Values and gradients of the twelve triplet losses against autograd; tolerance of the manifest. */
class LossGoldenTest {

  private static final double TOLERANCE = 1e-12;

  @EveryBackend
  void tripletLosses(Backend backend) {
    for (String name : List.of("tau1", "tau05", "zero-row")) {
      try (Golden golden = Golden.open("ntk/shared-loss-" + name);
          Matrix f = golden.matrix("F", backend);
          Matrix p = golden.matrix("P", backend);
          Matrix q = golden.matrix("Q", backend);
          Matrix df = backend.zeros(DType.F64, f.rows(), f.cols());
          Matrix dp = backend.zeros(DType.F64, f.rows(), f.cols());
          Matrix dq = backend.zeros(DType.F64, f.rows(), f.cols())) {
        for (TripletLoss loss : TripletLoss.catalogue(golden.number("tau"))) {
          try (var evaluation = loss.evaluation(backend, DType.F64, f.rows(), f.cols())) {
            double value = evaluation.evaluate(f, p, q, df, dp, dq);
            String prefix = loss.name().replace('-', '_');
            golden.assertClose(prefix + "_val", new double[] {value}, TOLERANCE);
            golden.assertClose(prefix + "_dF", df, TOLERANCE);
            golden.assertClose(prefix + "_dP", dp, TOLERANCE);
            golden.assertClose(prefix + "_dQ", dq, TOLERANCE);
          }
        }
      }
    }
  }
}
