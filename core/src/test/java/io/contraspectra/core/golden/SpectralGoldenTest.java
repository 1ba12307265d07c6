package io.contraspectra.core.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.spectral.BarlowTwins;
import io.contraspectra.core.spectral.Embedding;
import io.contraspectra.core.spectral.Finding;
import io.contraspectra.core.spectral.GraphInfoNce;
import io.contraspectra.core.spectral.LaplacianEigenmaps;
import io.contraspectra.core.spectral.SpectralContrastive;
import io.contraspectra.core.spectral.SquaredSimClr;
import io.contraspectra.core.spectral.VicReg;
import java.util.Arrays;

/** The closed forms of losses against NumPy's, at the tolerance of the manifest. */
class SpectralGoldenTest {

  private static final double TOLERANCE = 1e-8;

  @EveryBackend
  void vicRegOfFreePoints(Backend backend) {
    try (Golden golden = Golden.open("spec/shared-spectral"); Matrix g = golden.matrix("G_knn", backend)) {
      RelationGraph graph = RelationGraph.of(backend, g);
      int k = (int) golden.number("K");
      try (Embedding all = LaplacianEigenmaps.unnormalised(backend, graph, 23)) {
        golden.assertClose("lap_evals_centred", all.values(), TOLERANCE);
      }
      for (String name : new String[] {"vic0", "vic1", "vic2"}) {
        double[] p = golden.doubles(name + "_params");
        try (Embedding z = new VicReg(p[0], p[1], p[2], 0).embedding(backend, graph, k)) {
          golden.assertClose(name + "_c", z.gains(), TOLERANCE);
          assertGram(golden, name + "_gram", z.points());
          golden.assertClose(name + "_loss", new double[] {z.optimum().orElseThrow()}, TOLERANCE);
        }
      }
      try (Embedding z = new VicReg(1, 1, golden.number("dvic_gamma"), 0).degreeWeighted(backend, graph, k)) {
        golden.assertClose("dvic_lambda", z.values(), TOLERANCE);
        golden.assertClose("dvic_c", z.gains(), TOLERANCE);
        assertGram(golden, "dvic_gram", z.points());
      }
    }
  }

  @EveryBackend
  void factorisationsOfFreePoints(Backend backend) {
    try (Golden golden = Golden.open("spec/shared-spectral"); Matrix g = golden.matrix("G_knn", backend)) {
      RelationGraph graph = RelationGraph.of(backend, g);
      int k = (int) golden.number("K");
      try (Embedding z = SpectralContrastive.embedding(backend, graph, k)) {
        assertFactorisation(golden, "scl", z);
        assertGram(golden, "scl_gram", z.points());
      }
      try (Embedding z = SquaredSimClr.embedding(backend, graph, k, true)) {
        assertFactorisation(golden, "simclrsq", z);
        assertGram(golden, "simclrsq_gram", z.points());
      }
    }
  }

  @EveryBackend
  void barlowTwinsHasAsManyDimensionsAsPositiveEigenvalues(Backend backend) {
    try (Golden golden = Golden.open("spec/shared-spectral")) {
      for (String name : new String[] {"knn", "label"}) {
        try (Matrix g = golden.matrix("G_" + name, backend);
            Embedding z = BarlowTwins.unnormalised(backend, RelationGraph.of(backend, g), 12)) {
          long positive = Arrays.stream(z.gains()).filter(gain -> gain > 0).count();
          assertEquals(golden.number("bt_npos_" + name), positive);
          assertEquals(12 - positive, z.optimum().orElseThrow());
          assertTrue(z.has(Finding.Kind.COLLAPSED));
        }
      }
    }
  }

  @EveryBackend
  void linearRegime(Backend backend) {
    try (Golden golden = Golden.open("spec/shared-spectral"); Matrix g = golden.matrix("G_knn", backend);
        Matrix x = golden.matrix("X", backend)) {
      RelationGraph graph = RelationGraph.of(backend, g);
      int k = (int) golden.number("K");
      var vicReg = new VicReg(1, 1, golden.number("lin_vic_gamma"), 0);
      try (Embedding z = vicReg.linear(backend, x, graph, k); Embedding all = vicReg.linear(backend, x, graph, 5)) {
        golden.assertClose("lin_vic_lambda", all.values(), TOLERANCE);
        golden.assertClose("lin_vic_c", z.gains(), TOLERANCE);
        golden.assertClose("lin_vic_loss", new double[] {z.optimum().orElseThrow()}, TOLERANCE);
        assertGram(golden, "lin_vic_WWt", z.map().orElseThrow().weights());
      }
      try (Embedding z = SquaredSimClr.linear(backend, x, graph, k, true)) {
        assertFactorisation(golden, "lin_simclrsq", z);
        assertGram(golden, "lin_simclrsq_WWt", z.map().orElseThrow().weights());
      }
      try (Embedding z = SpectralContrastive.linear(backend, x, graph, k)) {
        assertFactorisation(golden, "lin_scl", z);
        assertGram(golden, "lin_scl_WWt", z.map().orElseThrow().weights());
      }
    }
  }

  @EveryBackend
  void infoNceRecoversThePointsOfItsRelation(Backend backend) {
    try (Golden golden = Golden.open("spec/shared-spectral"); Matrix g = golden.matrix("mds_G", backend)) {
      RelationGraph graph = RelationGraph.of(backend, g);
      golden.assertClose("mds_entropy", new double[] {GraphInfoNce.entropy(graph)}, TOLERANCE);
      double tau = golden.number("mds_tau");
      try (Embedding z = GraphInfoNce.distances(backend, graph, tau, 2);
          Embedding line = GraphInfoNce.distances(backend, graph, tau, 1)) {
        assertGram(golden, "mds_gram", z.points());
        golden.assertClose("mds_entropy", new double[] {z.optimum().orElseThrow()}, TOLERANCE);
        assertTrue(line.optimum().isEmpty() && line.has(Finding.Kind.NOT_ATTAINED));
      }
    }
  }

  private static void assertFactorisation(Golden golden, String name, Embedding z) {
    golden.assertClose(name + "_theta", z.values(), TOLERANCE);
    golden.assertClose(name + "_loss", new double[] {z.optimum().orElseThrow()}, TOLERANCE);
    assertArrayEquals(z.values(), z.gains());
  }

  private static void assertGram(Golden golden, String array, Matrix points) {
    golden.assertClose(array, Dense.flat(Dense.gram(Dense.rows(points.toArray(), (int) points.cols()))), TOLERANCE);
  }
}
