package io.contraspectra.core.golden;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.mixture.GaussianMixture;
import io.contraspectra.core.mixture.InfoNceMinimiser;
import io.contraspectra.core.mixture.LinearSimSiam;
import io.contraspectra.core.mixture.MixtureSubspaces;
import io.contraspectra.core.mixture.PairCca;
import io.contraspectra.core.mixture.PairInfoNce;
import io.contraspectra.core.mixture.PopulationInfoNce;
import io.contraspectra.core.mixture.UnequalInfoNce;
import io.contraspectra.core.optimize.Lbfgs;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.core.random.RandomStreams;
import io.contraspectra.core.spectral.Embedding;
import io.contraspectra.core.spectral.Pca;
import java.util.List;
import java.util.function.Function;

/** Contrastive learning on a Gaussian mixture against an independent program; tolerances of the manifest. */
class MixtureGoldenTest {

  private static final double LOSS = 1e-10;
  private static final double MINIMISER = 1e-7;
  private static final double PROJECTOR = 1e-8;
  private static final double AMPLITUDE = 1e-8;

  /** What is checked. */
  private interface Check {
    void run(Golden golden, GaussianMixture mixture, double delta);
  }

  private static void onMixture(Backend backend, Check check) {
    try (Golden golden = Golden.open("spec/shared-gmm");
        Matrix means = golden.matrix("mu", backend);
        Matrix covariance = golden.matrix("sigma", backend);
        var mixture = GaussianMixture.shared(backend, golden.doubles("w"), means, covariance)) {
      check.run(golden, mixture, golden.number("delta"));
    }
  }

  @EveryBackend
  void momentsAndSubspaces(Backend backend) {
    onMixture(backend, (golden, mixture, delta) -> {
      assertMatrix(golden, "between", mixture.between(), LOSS);
      assertMatrix(golden, "total", mixture.total(), LOSS);
      assertMatrix(golden, "pop_Mlin", InfoNceMinimiser.linearised(mixture, delta), LOSS);
      assertProjector(golden, "fisher_proj", mixture, MixtureSubspaces::fisher);
      assertProjector(golden, "mean_proj", mixture, MixtureSubspaces::means);
      assertProjector(golden, "pca_proj_pop", mixture,
          m -> MixtureSubspaces.principal(m, m.components() - 1));
    });
  }

  private static void assertMatrix(Golden golden, String array, Matrix matrix, double tolerance) {
    try (matrix) {
      golden.assertClose(array, matrix, tolerance);
    }
  }

  private static void assertProjector(
      Golden golden, String array, GaussianMixture mixture, Function<GaussianMixture, Matrix> subspace) {
    try (Matrix frame = subspace.apply(mixture)) {
      assertMatrix(golden, array, Stiefel.projector(mixture.backend(), frame), PROJECTOR);
    }
  }

  @EveryBackend
  void principalSubspaceOfTheSample(Backend backend) {
    try (Golden golden = Golden.open("spec/shared-gmm");
        Matrix x = golden.matrix("X", backend);
        Embedding pca = Pca.embedding(backend, x, 2)) {
      Matrix frame = pca.map().orElseThrow().weights();
      assertMatrix(golden, "pca_proj", Stiefel.projector(backend, frame), PROJECTOR);
    }
  }

  @EveryBackend
  void populationLossAndGradient(Backend backend) {
    onMixture(backend, (golden, mixture, delta) -> {
      try (Matrix m = golden.matrix("M_test", backend);
          Matrix gradient = backend.zeros(DType.F64, m.rows(), m.cols());
          var loss = new PopulationInfoNce(mixture, delta)) {
        golden.assertClose("pop_loss_M", new double[] {loss.atM(m, gradient)}, LOSS);
        golden.assertClose("pop_grad_M", gradient, LOSS);
      }
    });
  }

  @EveryBackend
  void populationMinimiser(Backend backend) {
    onMixture(backend, (golden, mixture, delta) -> {
      try (var fit = InfoNceMinimiser.minimise(mixture, delta, mixture.components() - 1);
          Matrix random = backend.matrix(6, 6, RandomDraws.gaussian(RandomStreams.of(1).named("start"), 36));
          Matrix fisher = MixtureSubspaces.fisher(mixture)) {
        golden.assertClose("pop_loss_star", new double[] {fit.result().value()}, LOSS);
        assertMatrix(golden, "pop_Mstar", gram(backend, fit.a()), MINIMISER);
        assertInside(backend, fisher, fit.a(), 1e-6);
        // Convex in AᵀA: from anywhere, in more dimensions than needed, the same minimum; the loss sees directions
        // outside the Fisher subspace by their fourth power, so that they vanish slowly.
        backend.scale(0.1, random);
        try (var wide = InfoNceMinimiser.minimise(mixture, delta, random)) {
          golden.assertClose("pop_loss_star", new double[] {wide.result().value()}, LOSS);
          assertMatrix(golden, "pop_Mstar", gram(backend, wide.a()), 1e-5);
        }
      }
    });
  }

  private static Matrix gram(Backend backend, Matrix a) {
    Matrix m = backend.zeros(DType.F64, a.cols(), a.cols());
    backend.gemm(YES, NO, 1, a, a, 0, m);
    return m;
  }

  private static void assertInside(Backend backend, Matrix subspace, Matrix a, double tolerance) {
    try (Matrix columns = backend.zeros(DType.F64, a.cols(), a.rows())) {
      backend.transpose(a, columns);
      double sine = Subspaces.compare(backend, subspace, columns).spectral();
      assertTrue(sine <= tolerance, "sine " + sine);
    }
  }

  @EveryBackend
  void integralOverTheEmbeddingIsTheSame(Backend backend) {
    onMixture(backend, (golden, mixture, delta) -> {
      try (Matrix a = golden.matrix("A_test", backend);
          Matrix expected = backend.zeros(DType.F64, a.rows(), a.cols());
          Matrix actual = backend.zeros(DType.F64, a.rows(), a.cols());
          var shared = new PopulationInfoNce(mixture, delta);
          var unequal = new UnequalInfoNce(mixture, delta, (int) a.rows())) {
        backend.scale(0.3, a);
        double value = shared.evaluate(a, expected);
        assertEquals(value, unequal.evaluate(a, actual), LOSS * Math.abs(value));
        assertEquals(0, backend.distance(expected, actual), 1e-9 * backend.norm(expected));
      }
    });
  }

  @EveryBackend
  void simSiam(Backend backend) {
    onMixture(backend, (golden, mixture, delta) -> {
      double[] associations = LinearSimSiam.associations(mixture, delta, 2);
      golden.assertClose("simsiam_rho", associations, PROJECTOR);
      double decay = golden.number("simsiam_eta");
      var amplitudes = new double[] {LinearSimSiam.amplitude(associations[0], decay),
          LinearSimSiam.amplitude(associations[1], decay)};
      golden.assertClose("simsiam_amp", amplitudes, AMPLITUDE);
    });
  }

  @EveryBackend
  void pairLossAndGradient(Backend backend) {
    onMixture(backend, (golden, _, _) -> {
      try (Matrix x = golden.matrix("X", backend);
          Matrix positives = golden.matrix("Xh", backend);
          Matrix a = golden.matrix("A_test", backend);
          Matrix gradient = backend.zeros(DType.F64, a.rows(), a.cols());
          var loss = new PairInfoNce(backend, x, positives, (int) a.rows())) {
        golden.assertClose("batch_loss", new double[] {loss.evaluate(a, gradient)}, LOSS);
        golden.assertClose("batch_grad_A", gradient, LOSS);
      }
    });
  }

  @EveryBackend
  void pairMinimiser(Backend backend) {
    onMixture(backend, (golden, _, _) -> {
      try (Matrix x = golden.matrix("X", backend);
          Matrix positives = golden.matrix("Xh", backend);
          var fit = PairInfoNce.fit(backend, x, positives, 2, 1e-10)) {
        assertTrue(fit.result().converged(), fit.result().toString());
        golden.assertClose("batch_loss_star", new double[] {fit.result().value()}, LOSS);
        assertMatrix(golden, "batch_Mstar", gram(backend, fit.a()), MINIMISER);
      }
    });
  }

  @EveryBackend
  void pairCca(Backend backend) {
    onMixture(backend, (golden, _, _) -> {
      try (Matrix x = golden.matrix("X", backend);
          Matrix positives = golden.matrix("Xh", backend);
          var cca = PairCca.fit(backend, x, positives, 2);
          Matrix columns = backend.zeros(DType.F64, 6, 2)) {
        golden.assertClose("paircca_evals", cca.values(), PROJECTOR);
        backend.transpose(cca.directions(), columns);
        try (Matrix frame = Subspaces.basis(backend, "directions", columns)) {
          assertMatrix(golden, "paircca_proj", Stiefel.projector(backend, frame), PROJECTOR);
        }
      }
    });
  }

  @EveryBackend
  void lbfgsStopsWhereItWasAskedTo(Backend backend) {
    onMixture(backend, (golden, _, _) -> {
      try (Matrix x = golden.matrix("X", backend); Matrix positives = golden.matrix("Xh", backend)) {
        for (double gradient : List.of(1e-4, 1e-6)) {
          try (var fit = PairInfoNce.fit(backend, x, positives, 2, gradient)) {
            Lbfgs.Result result = fit.result();
            assertTrue(result.converged() && result.gradient() <= gradient && result.iterations() <= 20,
                result.toString());
          }
        }
      }
    });
  }
}
