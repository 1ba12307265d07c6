package io.contraspectra.core.golden;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.mixture.ClipMixture;
import io.contraspectra.core.mixture.GaussianMixture;
import io.contraspectra.core.mixture.MixtureSubspaces;
import io.contraspectra.core.mixture.PairClip;
import io.contraspectra.core.mixture.PopulationClip;
import java.util.Arrays;

/** CLIP on two Gaussian modalities against an independent program; tolerances of the manifest. */
class ClipGoldenTest {

  private static final double LOSS = 1e-10;
  private static final double MINIMISER = 1e-7;
  private static final double PROJECTOR = 1e-6;

  /** What is checked. */
  private interface Check {
    void run(Golden golden, ClipMixture mixture);
  }

  private static void onMixture(Backend backend, Check check) {
    try (Golden golden = Golden.open("spec/shared-clip");
        Matrix joint = golden.matrix("W", backend);
        Matrix muV = golden.matrix("muV", backend);
        Matrix sigmaV = golden.matrix("sigmaV", backend);
        Matrix muT = golden.matrix("muT", backend);
        Matrix sigmaT = golden.matrix("sigmaT", backend);
        var mixture = new ClipMixture(backend, joint, muV, sigmaV, muT, sigmaT)) {
      check.run(golden, mixture);
    }
  }

  @EveryBackend
  void populationLossAndGradient(Backend backend) {
    onMixture(backend, (golden, mixture) -> {
      try (Matrix m = golden.matrix("M_test", backend);
          Matrix gradient = backend.zeros(DType.F64, m.rows(), m.cols());
          var loss = new PopulationClip(mixture)) {
        golden.assertClose("pop_loss_M", new double[] {loss.evaluate(m, gradient)}, LOSS);
        golden.assertClose("pop_grad_M", gradient, LOSS);
      }
    });
  }

  @EveryBackend
  void populationMinimiser(Backend backend) {
    onMixture(backend, (golden, mixture) -> {
      try (var fit = PopulationClip.minimise(mixture);
          Matrix transposed = backend.zeros(DType.F64, fit.a().cols(), fit.a().rows())) {
        golden.assertClose("pop_loss_star", new double[] {fit.result().value()}, LOSS);
        golden.assertClose("pop_Mstar", fit.a(), MINIMISER);
        backend.transpose(fit.a(), transposed);
        assertColumns(golden, "colV_proj", backend, fit.a());
        assertColumns(golden, "colT_proj", backend, transposed);
      }
      assertFisher(golden, "fisherV_proj", mixture.images());
      assertFisher(golden, "fisherT_proj", mixture.texts());
    });
  }

  private static void assertFisher(Golden golden, String array, GaussianMixture mixture) {
    try (Matrix frame = MixtureSubspaces.fisher(mixture); Matrix p = Stiefel.projector(mixture.backend(), frame)) {
      golden.assertClose(array, p, PROJECTOR);
    }
  }

  /** The projector onto singular vectors above 1e-3 of the largest singular value (gmm.md 8.6). */
  private static void assertColumns(Golden golden, String array, Backend backend, Matrix m) {
    long r = Math.min(m.rows(), m.cols());
    try (Matrix copy = backend.copyOf(m, DType.F64);
        Matrix u = backend.zeros(DType.F64, m.rows(), r);
        Matrix s = backend.zeros(DType.F64, 1, r);
        Matrix v = backend.zeros(DType.F64, r, m.cols())) {
      backend.svd(copy, u, s, v);
      double[] values = s.toArray();
      long rank = Arrays.stream(values).filter(value -> value > 1e-3 * values[0]).count();
      try (Matrix frame = Subspaces.basis(backend, "columns", u.block(0, 0, m.rows(), rank));
          Matrix p = Stiefel.projector(backend, frame)) {
        golden.assertClose(array, p, PROJECTOR);
      }
    }
  }

  @EveryBackend
  void pairLossAndGradient(Backend backend) {
    onMixture(backend, (golden, _) -> {
      try (Matrix x = golden.matrix("X", backend);
          Matrix y = golden.matrix("Y", backend);
          Matrix a = golden.matrix("A_test", backend);
          Matrix b = golden.matrix("B_test", backend);
          Matrix maps = backend.zeros(DType.F64, 3, 9);
          Matrix gradient = backend.zeros(DType.F64, 3, 9);
          var loss = new PairClip(backend, x, y, 3)) {
        backend.copy(a, maps.block(0, 0, 3, 5));
        backend.copy(b, maps.block(0, 5, 3, 4));
        golden.assertClose("batch_loss", new double[] {loss.evaluate(maps, gradient)}, LOSS);
        golden.assertClose("batch_grad_A", gradient.block(0, 0, 3, 5), LOSS);
        golden.assertClose("batch_grad_B", gradient.block(0, 5, 3, 4), LOSS);
      }
    });
  }

  @EveryBackend
  void pairMinimiserIsStationary(Backend backend) {
    onMixture(backend, (golden, _) -> {
      try (Matrix x = golden.matrix("X", backend); Matrix y = golden.matrix("Y", backend);
          var fit = PairClip.fit(backend, x, y, 2, 1e-8)) {
        assertTrue(fit.result().converged() && fit.result().value() < 0, fit.result().toString());
      }
    });
  }
}
