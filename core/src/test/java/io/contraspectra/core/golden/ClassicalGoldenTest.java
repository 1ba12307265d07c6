package io.contraspectra.core.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.graph.Relations;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.spectral.BlockKernelOperator;
import io.contraspectra.core.spectral.Cca;
import io.contraspectra.core.spectral.ClassicalMds;
import io.contraspectra.core.spectral.Embedding;
import io.contraspectra.core.spectral.GaussianKernel;
import io.contraspectra.core.spectral.Isomap;
import io.contraspectra.core.spectral.KernelPca;
import io.contraspectra.core.spectral.LaplacianEigenmaps;
import io.contraspectra.core.spectral.Lda;
import io.contraspectra.core.spectral.Lpp;
import io.contraspectra.core.spectral.Pca;
import io.contraspectra.core.spectral.VicReg;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Classical methods against scikit-learn and SciPy, at the tolerances of the manifest. */
class ClassicalGoldenTest {

  private static final double TOLERANCE = 1e-8;
  private static final double CCA_TOLERANCE = 1e-6;

  @EveryBackend
  void discriminantsAndTheirLabelGraph(Backend backend) {
    try (Golden golden = Golden.open("spec/shared-classical"); Matrix x = golden.matrix("X", backend)) {
      int[] labels = DoubleStream.of(golden.doubles("y")).mapToInt(y -> (int) y).toArray();
      try (Embedding z = Lda.embedding(backend, x, labels, 2);
          Embedding vicReg = new VicReg(1, 1, 0.5, 0).linear(backend, x, Relations.labels(labels), 2)) {
        assertProjector(golden, "lda_proj", z.map().orElseThrow().weights(), TOLERANCE);
        assertProjector(golden, "lda_proj", vicReg.map().orElseThrow().weights(), TOLERANCE);
        double sum = DoubleStream.of(z.values()).sum();
        golden.assertClose("lda_evr", Arrays.stream(z.values()).map(eta -> eta / sum).toArray(), TOLERANCE);
        golden.assertClose("lda_graph_lambda", Arrays.stream(z.values()).map(eta -> 1 / (1 + eta)).toArray(),
            TOLERANCE);
        golden.assertClose("lda_graph_lambda", vicReg.values(), TOLERANCE);
      }
    }
  }

  @EveryBackend
  void graphMethods(Backend backend) {
    try (Golden golden = Golden.open("spec/shared-classical"); Matrix x = golden.matrix("X", backend);
        Matrix g = golden.matrix("G", backend)) {
      RelationGraph graph = RelationGraph.of(backend, g);
      try (Embedding lpp = Lpp.embedding(backend, x, graph, 2); Embedding all = Lpp.embedding(backend, x, graph, 5)) {
        golden.assertClose("lpp_evals", all.values(), TOLERANCE);
        assertProjector(golden, "lpp_proj2", lpp.map().orElseThrow().weights(), TOLERANCE);
      }
      try (Embedding walk = LaplacianEigenmaps.walk(backend, graph, 3);
          Embedding four = LaplacianEigenmaps.walk(backend, graph, 4)) {
        double[] withTrivial = DoubleStream.concat(DoubleStream.of(0), DoubleStream.of(four.values())).toArray();
        golden.assertClose("le_evals", withTrivial, TOLERANCE);
        golden.assertClose("le_abs", Arrays.stream(walk.points().toArray()).map(Math::abs).toArray(), TOLERANCE);
        assertProjector(golden, "le_proj", walk.points(), TOLERANCE);
      }
      try (Embedding three = LaplacianEigenmaps.unnormalised(backend, graph, 3);
          Embedding four = LaplacianEigenmaps.unnormalised(backend, graph, 4)) {
        golden.assertClose("le_unnorm_evals", four.values(), TOLERANCE);
        assertProjector(golden, "le_unnorm_proj3", three.points(), TOLERANCE);
      }
    }
  }

  @EveryBackend
  void kernelPcaOfKeptAndOfStreamedKernels(Backend backend) {
    try (Golden golden = Golden.open("spec/shared-classical"); Matrix x = golden.matrix("X", backend);
        var kernel = new GaussianKernel(backend, x, golden.number("kpca_bandwidth2"))) {
      for (long memory : new long[] {0, 1L << 30}) {
        try (var operator = new BlockKernelOperator(kernel, memory); Embedding z = KernelPca.embedding(operator, 3)) {
          assertEquals(memory == 0, operator.isStreamed());
          golden.assertClose("kpca_evals", z.values(), TOLERANCE);
          assertGram(golden, "kpca_gram", z.points());
        }
      }
      try (Matrix gram = backend.zeros(DType.F64, 40, 40)) {
        kernel.block(0, 0, gram);
        try (Embedding z = KernelPca.embedding(backend, gram, 3)) {
          assertGram(golden, "kpca_gram", z.points());
        }
      }
    }
  }

  @EveryBackend
  void scaling(Backend backend) {
    try (Golden golden = Golden.open("spec/shared-classical"); Matrix x = golden.matrix("X", backend);
        Matrix geodesics = golden.matrix("iso_geodesic", backend)) {
      try (Embedding mds = ClassicalMds.embedding(backend, x, 2); Embedding pca = Pca.embedding(backend, x, 2)) {
        assertGram(golden, "cmds_gram", mds.points());
        assertGram(golden, "cmds_gram", pca.points());
      }
      try (Embedding isomap = Isomap.embedding(backend, x, (int) golden.number("knn_k"), 2);
          Embedding scaled = ClassicalMds.ofDistances(backend, geodesics, 2)) {
        assertGram(golden, "iso_gram", isomap.points());
        assertGram(golden, "iso_gram", scaled.points());
      }
    }
  }

  @EveryBackend
  void canonicalCorrelations(Backend backend) {
    try (Golden golden = Golden.open("spec/shared-classical"); Matrix xa = golden.matrix("cca_XA", backend);
        Matrix xb = golden.matrix("cca_XB", backend)) {
      try (Cca.Pair all = Cca.embedding(backend, xa, xb, 4); Cca.Pair two = Cca.embedding(backend, xa, xb, 2)) {
        golden.assertClose("cca_rho", all.first().values(), CCA_TOLERANCE);
        assertProjector(golden, "cca_projA", weights(two.first()), CCA_TOLERANCE);
        assertProjector(golden, "cca_projB", weights(two.second()), CCA_TOLERANCE);
      }
      try (Cca.Pair pair = Cca.vicReg(backend, xa, xb, 2, 1, golden.number("cca_vic_gamma"))) {
        golden.assertClose("cca_vic_c", pair.first().gains(), CCA_TOLERANCE);
        golden.assertClose("cca_vic_loss", new double[] {pair.second().optimum().orElseThrow()}, CCA_TOLERANCE);
        assertGram(golden, "cca_vic_WAWAt", weights(pair.first()));
        double[][] wa = Dense.rows(weights(pair.first()).toArray(), 2);
        double[][] wb = Dense.rows(weights(pair.second()).toArray(), 2);
        golden.assertClose("cca_vic_WAWBt", Dense.flat(Dense.product(wa, Dense.transpose(wb))), CCA_TOLERANCE);
      }
    }
  }

  private static Matrix weights(Embedding z) {
    return z.map().orElseThrow().weights();
  }

  private static void assertGram(Golden golden, String array, Matrix points) {
    golden.assertClose(array, Dense.flat(Dense.gram(Dense.rows(points.toArray(), (int) points.cols()))), TOLERANCE);
  }

  private static void assertProjector(Golden golden, String array, Matrix columns, double tolerance) {
    double[][] rows = Dense.rows(columns.toArray(), (int) columns.cols());
    golden.assertClose(array, Dense.flat(Dense.projector(rows)), tolerance);
  }
}
