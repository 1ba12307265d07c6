package io.contraspectra.core.golden;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.loss.AlphaEvaluation;
import io.contraspectra.core.loss.AlphaLoss;
import io.contraspectra.core.loss.ContrastiveCovariance;
import io.contraspectra.core.loss.Losses;
import io.contraspectra.core.loss.SideArray;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The alpha-CL family against 40-digit arithmetic; tolerances of the manifest. */
class AlphaLossGoldenTest {

  private static final double TOLERANCE = 1e-12;
  private static final List<String> CASES = List.of("c0", "c1", "c2", "c3");
  private static final List<String> ROWS = List.of("infonce", "mine", "triplet", "soft_triplet", "nplus1", "lifted",
      "mod_triplet", "triplet_contrastive", "infonce_eps0");
  private static final List<String> CONSTANTS = List.of("tau", "eps", "c");

  @EveryBackend
  void lossesGradientsAndImportance(Backend backend) {
    try (Golden golden = Golden.open("dyn/shared-losses")) {
      for (String name : CASES) {
        try (Matrix embeddings = golden.stacked(backend, name + "_z", name + "_zp");
            Matrix mask = golden.matrix(name + "_mask", backend)) {
          for (String row : ROWS) {
            check(golden, name + "_" + row, loss(golden, name, row), embeddings, mask, backend);
          }
        }
      }
    }
  }

  private static void check(
      Golden golden, String prefix, AlphaLoss loss, Matrix embeddings, Matrix mask, Backend backend) {
    long n = mask.rows();
    long k = embeddings.cols();
    Matrix z = embeddings.rowRange(0, n);
    Matrix zp = embeddings.rowRange(n, n);
    try (Matrix gradient = backend.zeros(DType.F64, 2 * n, k);
        Matrix alpha = backend.zeros(DType.F64, n, n);
        Matrix covariance = backend.zeros(DType.F64, k, k);
        AlphaEvaluation evaluation =
            loss.evaluation(backend, DType.F64, n, k, SideArrays.of(SideArray.MASK, mask))) {
      evaluation.evaluate(embeddings, gradient);
      golden.assertClose(prefix + "_loss_i", evaluation.losses(), TOLERANCE);
      golden.assertClose(prefix + "_gz", gradient.rowRange(0, n), TOLERANCE);
      golden.assertClose(prefix + "_gzp", gradient.rowRange(n, n), TOLERANCE);
      evaluation.importance(embeddings, alpha);
      golden.assertClose(prefix + "_alpha", alpha, TOLERANCE);
      ContrastiveCovariance.of(backend, alpha, z, zp, covariance);
      golden.assertClose(prefix + "_ccov", covariance, TOLERANCE);
      double energy = ContrastiveCovariance.energy(backend, alpha, z, zp);
      golden.assertClose(prefix + "_energy", new double[] {energy}, TOLERANCE);
      if (golden.has(prefix + "_conj")) {
        golden.assertClose(prefix + "_conj", new double[] {loss.conjugate(alpha, mask)}, TOLERANCE);
      }
    }
  }

  private static AlphaLoss loss(Golden golden, String name, String row) {
    Map<String, String> constants = new LinkedHashMap<>();
    double[] values = golden.doubles(name + "_" + row + "_param");
    for (int i = 0; i < values.length; i++) {
      if (!Double.isNaN(values[i])) {
        constants.put(CONSTANTS.get(i), Double.toString(values[i]));
      }
    }
    return (AlphaLoss) Losses.named("alpha-" + row.replace("_eps0", "").replace('_', '-'), constants);
  }

  @EveryBackend
  void contrastiveCovariance(Backend backend) {
    try (Golden golden = Golden.open("dyn/shared-ccov")) {
      for (String name : List.of("c0", "c1", "c2")) {
        try (Matrix a = golden.matrix(name + "_a", backend);
            Matrix ap = golden.matrix(name + "_ap", backend);
            Matrix b = golden.matrix(name + "_b", backend);
            Matrix bp = golden.matrix(name + "_bp", backend);
            Matrix alpha = golden.matrix(name + "_alpha", backend);
            Matrix ab = backend.zeros(DType.F64, a.cols(), b.cols());
            Matrix aa = backend.zeros(DType.F64, a.cols(), a.cols())) {
          ContrastiveCovariance.between(backend, alpha, a, ap, b, bp, ab);
          golden.assertClose(name + "_C_ab", ab, TOLERANCE);
          ContrastiveCovariance.of(backend, alpha, a, ap, aa);
          golden.assertClose(name + "_C_aa", aa, TOLERANCE);
          linearNetwork(golden, name, alpha, a, ap, backend);
        }
      }
    }
  }

  /** C[W a] = W C[a] Wᵀ, computed from the outputs. */
  private static void linearNetwork(Golden golden, String name, Matrix alpha, Matrix a, Matrix ap, Backend backend) {
    try (Matrix w = golden.matrix(name + "_W", backend);
        Matrix z = backend.zeros(DType.F64, a.rows(), w.rows());
        Matrix zp = backend.zeros(DType.F64, a.rows(), w.rows());
        Matrix zz = backend.zeros(DType.F64, w.rows(), w.rows())) {
      backend.gemm(NO, YES, 1, a, w, 0, z);
      backend.gemm(NO, YES, 1, ap, w, 0, zp);
      ContrastiveCovariance.of(backend, alpha, z, zp, zz);
      golden.assertClose(name + "_C_zz", zz, TOLERANCE);
      double energy = ContrastiveCovariance.energy(backend, alpha, z, zp);
      golden.assertClose(name + "_energy_z", new double[] {energy}, TOLERANCE);
    }
  }
}
