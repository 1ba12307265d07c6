package io.contraspectra.core.spectral;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.golden.Dense;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.graph.Relations;
import io.contraspectra.core.matrix.ContraSpectraException;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NonFinite;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.spectral.Finding.Kind;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.function.Executable;

/** What is degenerate is handled as the pitfalls say (spectral.md 8) and told; what is impossible is refused. */
class DegeneracyTest {

  private static final double ROUNDING = 1e-10;

  @EveryBackend
  void kThatCutsAMultipleEigenvalueIsTold(Backend backend) {
    // Three classes: L has the eigenvalue 0 twice besides the constant vector, then 1 nine times.
    RelationGraph graph = Relations.labels(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2);
    var vicReg = new VicReg(1, 1, 0.5, 0);
    try (Embedding whole = vicReg.embedding(backend, graph, 2); Embedding cut = vicReg.embedding(backend, graph, 4)) {
      assertFalse(whole.has(Kind.CUT_EIGENSPACE));
      assertTrue(cut.has(Kind.CUT_EIGENSPACE));
      assertArrayEquals(new double[] {0, 0, 1, 1}, cut.values(), ROUNDING);
      assertArrayEquals(new double[] {1, 1, 0.5, 0.5}, cut.gains(), ROUNDING);
      assertEquals(2 * (1 - 0.25), cut.optimum().orElseThrow(), ROUNDING);
      // The part that is not cut is unique: both contain the indicators of the classes.
      assertEquals(12.0 * 2, squaredNorm(whole.points()), ROUNDING * 12);
      for (int i = 1; i < 4; i++) {
        assertEquals(whole.points().get(0, 0), whole.points().get(i, 0), ROUNDING);
      }
    }
    try (Embedding collapsed = new VicReg(1, 1, 2, 0).embedding(backend, graph, 4)) {
      assertFalse(collapsed.has(Kind.CUT_EIGENSPACE), "what vanishes may be cut");
      assertTrue(collapsed.has(Kind.COLLAPSED));
      assertEquals(2, collapsed.optimum().orElseThrow(), ROUNDING);
    }
  }

  @EveryBackend
  void componentsAreKeptAndTold(Backend backend) {
    RelationGraph graph = Relations.augmentations(3, 3);
    try (Embedding walk = LaplacianEigenmaps.walk(backend, graph, 2);
        Embedding plain = LaplacianEigenmaps.unnormalised(backend, graph, 2)) {
      for (Embedding z : new Embedding[] {walk, plain}) {
        assertTrue(z.has(Kind.DISCONNECTED));
        assertArrayEquals(new double[2], z.values(), ROUNDING);
        double[][] points = Dense.rows(z.points().toArray(), 2);
        for (int i = 0; i < 9; i++) {
          assertArrayEquals(points[i / 3 * 3], points[i], ROUNDING);
        }
        assertEquals(0, Arrays.stream(points).mapToDouble(row -> row[0]).sum(), ROUNDING);
      }
    }
  }

  @EveryBackend
  void isolatedVerticesArePlacedAtZeroAndTold(Backend backend) {
    RelationGraph graph = pathAndAStranger(backend);
    try (Embedding walk = LaplacianEigenmaps.walk(backend, graph, 2);
        Embedding vicReg = new VicReg(1, 1, 0.1, 0).degreeWeighted(backend, graph, 2);
        Embedding contrastive = SpectralContrastive.embedding(backend, graph, 2);
        Embedding barlow = BarlowTwins.constrained(backend, graph, 2)) {
      for (Embedding z : new Embedding[] {walk, vicReg, contrastive, barlow}) {
        assertTrue(z.has(Kind.ISOLATED_VERTICES));
        assertFalse(z.has(Kind.DISCONNECTED));
        assertArrayEquals(new double[2], z.points().rowRange(2, 1).toArray());
      }
      // A path of four vertices: 1 − cos(pi k/3).
      assertArrayEquals(new double[] {0.5, 1.5}, walk.values(), ROUNDING);
      assertArrayEquals(new double[] {0.5, -0.5}, barlow.values(), ROUNDING);
      assertEquals(1, contrastive.values()[0], ROUNDING);
    }
    // The unnormalised Laplacian has a place for it: a component of its own.
    try (Embedding plain = LaplacianEigenmaps.unnormalised(backend, graph, 1)) {
      assertTrue(plain.has(Kind.DISCONNECTED));
      assertEquals(0, plain.values()[0], ROUNDING);
    }
    String text = refusal(InvalidArgument.class, () -> LaplacianEigenmaps.walk(backend, graph, 4));
    assertTrue(text.contains("K = 4") && text.contains("from 1 to 3"), text);
  }

  private static RelationGraph pathAndAStranger(Backend backend) {
    try (Matrix g = backend.zeros(DType.F64, 5, 5)) {
      for (int[] edge : new int[][] {{0, 1}, {1, 3}, {3, 4}}) {
        g.set(edge[0], edge[1], 1);
        g.set(edge[1], edge[0], 1);
      }
      return RelationGraph.of(backend, g);
    }
  }

  @EveryBackend
  void rankDeficientDataAreWorkedOnInTheirRange(Backend backend) {
    int n = 20;
    double[] narrow = new SplittableRandom(4).doubles(3L * n, -1, 1).toArray();
    // Two more columns that depend on the first three.
    double[] wide = IntStream.range(0, n).boxed().flatMapToDouble(i -> Arrays.stream(new double[] {narrow[3 * i],
        narrow[3 * i + 1], narrow[3 * i + 2], narrow[3 * i] - 2 * narrow[3 * i + 1], 4 * narrow[3 * i + 2] + 7}))
        .toArray();
    RelationGraph graph = Relations.labels(IntStream.range(0, n).map(i -> i % 4).toArray());
    try (Matrix x = backend.matrix(n, 3, narrow); Matrix y = backend.matrix(n, 5, wide)) {
      var vicReg = new VicReg(1, 1, 0.3, 0);
      try (Embedding of3 = vicReg.linear(backend, x, graph, 3); Embedding of5 = vicReg.linear(backend, y, graph, 3);
          Embedding padded = vicReg.linear(backend, y, graph, 5)) {
        assertFalse(of3.has(Kind.RANK_DEFICIENT));
        assertTrue(of5.has(Kind.RANK_DEFICIENT) && of5.has(Kind.CENTRED));
        assertArrayEquals(of3.values(), of5.values(), 1e-9);
        assertArrayEquals(gram(of3), gram(of5), 1e-8);
        // Dimensions beyond the rank are zero, and cost alpha each.
        assertEquals(of3.optimum().orElseThrow() + 2, padded.optimum().orElseThrow(), 1e-9);
        assertTrue(padded.has(Kind.COLLAPSED));
      }
      try (Embedding narrowLda = Lda.embedding(backend, x, labels(n), 2);
          Embedding wideLda = Lda.embedding(backend, y, labels(n), 2);
          Embedding pca = Pca.embedding(backend, y, 4)) {
        assertArrayEquals(gram(narrowLda), gram(wideLda), 1e-8);
        assertTrue(pca.has(Kind.RANK_DEFICIENT));
      }
      String text = refusal(InvalidArgument.class, () -> Lpp.embedding(backend, y, graph, 4));
      assertTrue(text.contains("K = 4") && text.contains("3 dimensions"), text);
    }
  }

  @EveryBackend
  void moreDimensionsThanSamplesSeparateClassesAndCorrelatePerfectly(Backend backend) {
    double[] points = new SplittableRandom(6).doubles(6 * 9).toArray();
    try (Matrix x = backend.matrix(6, 9, points); Matrix y = backend.matrix(6, 9, Arrays.stream(points).map(Math::exp)
        .toArray()); Embedding lda = Lda.embedding(backend, x, new int[] {0, 0, 0, 1, 1, 1}, 1);
        Cca.Pair cca = Cca.embedding(backend, x, y, 2); Embedding pca = Pca.embedding(backend, x, 5)) {
      assertTrue(lda.has(Kind.SEPARABLE) && lda.has(Kind.RANK_DEFICIENT));
      assertEquals(Double.POSITIVE_INFINITY, lda.values()[0]);
      assertTrue(cca.first().has(Kind.SEPARABLE) && cca.first().has(Kind.CUT_EIGENSPACE));
      assertArrayEquals(new double[] {1, 1}, cca.first().values(), 1e-9);
      double[][] centred = Dense.centred(Dense.rows(points, 9));
      assertArrayEquals(Dense.flat(Dense.gram(centred)), gram(pca), 1e-9);
    }
  }

  @EveryBackend
  void dimensionsWithoutPositiveEigenvaluesVanish(Backend backend) {
    try (Embedding z = SquaredSimClr.embedding(backend, Relations.twoViews(2), 3, true)) {
      // HGH of two views has 1 once besides the constant vector, and −1 twice.
      assertArrayEquals(new double[] {1, -1, -1}, z.values(), ROUNDING);
      assertArrayEquals(new double[] {1, 0, 0}, z.gains(), ROUNDING);
      assertTrue(z.has(Kind.COLLAPSED));
      assertEquals(2, z.optimum().orElseThrow(), ROUNDING);
    }
  }

  @EveryBackend
  void hingeHasAClosedFormOnlyUnderItsCondition(Backend backend) {
    RelationGraph graph = Relations.labels(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2);
    // c = 1 for the classes, (1/(4 gamma))² for the others.
    var safe = new HingeVicReg(1, 50, 0.5);
    assertEquals(1, safe.leastBeta(0, 0, 1), ROUNDING);
    assertTrue(safe.hasClosedForm(0, 0, 1));
    try (Embedding z = safe.embedding(backend, graph, 3)) {
      assertArrayEquals(new double[] {1, 1, 0.25}, z.gains(), ROUNDING);
      assertEquals(0.5 + 0.25, z.optimum().orElseThrow(), ROUNDING);
      assertEquals(12 * 2.25, squaredNorm(z.points()), 1e-8);
    }
    String text = refusal(InvalidArgument.class, () -> new HingeVicReg(1, 0.5, 0.5).embedding(backend, graph, 3));
    assertTrue(text.contains("beta = 0.5 is below 1.0") || text.contains("beta = 0.5 is below 0.99"), text);
  }

  @EveryBackend
  void impossibleRequestsAreRefused(Backend backend) {
    RelationGraph graph = Relations.labels(0, 0, 1, 1);
    try (Matrix x = backend.matrix(4, 2, 1, 2, 3, 5, 4, 4, 0, 1); Matrix three = backend.matrix(3, 1, 1, 2, 3);
        Matrix nan = backend.matrix(4, 1, 1, Double.NaN, 3, 4); Matrix equal = backend.matrix(4, 1, 2, 2, 2, 2)) {
      var vicReg = new VicReg(1, 1, 1, 0);
      assertRefused("K = 4 dimensions; it must be from 1 to 3", () -> vicReg.embedding(backend, graph, 4));
      assertRefused("K = 3 dimensions; it must be from 1 to 2", () -> vicReg.linear(backend, x, graph, 3));
      assertRefused("K = 0 dimensions", () -> SquaredSimClr.embedding(backend, graph, 0, true));
      assertRefused("K = 5 dimensions; it must be from 1 to 4", () -> SpectralContrastive.embedding(backend, graph, 5));
      assertRefused("from 1 to 3", () -> BarlowTwins.constrained(backend, graph, 4));
      assertRefused("from 1 to 2", () -> BarlowTwins.linearConstrained(backend, x, graph, 3));
      assertRefused("from 1 to 2", () -> Pca.embedding(backend, x, 3));
      assertRefused("all samples have the label 7", () -> Lda.embedding(backend, x, new int[] {7, 7, 7, 7}, 1));
      assertRefused("from 1 to 1, 2 classes", () -> Lda.embedding(backend, x, new int[] {0, 1, 0, 1}, 2));
      assertRefused("all samples of X(4x1) are equal", () -> vicReg.linear(backend, equal, graph, 1));
      assertRefused("at least two samples", () -> vicReg.linear(backend, x.rowRange(0, 1), Relations.labels(0), 1));
      assertRefused("2 components, between which there is no distance", () -> {
        try (Matrix apart = backend.matrix(4, 1, 0, 1, 100, 101)) {
          Isomap.embedding(backend, apart, 1, 1);
        }
      });
      assertRefused("alpha = 0.0, it must be positive", () -> new VicReg(0, 1, 1, 0));
      assertRefused("gamma = NaN", () -> new VicReg(1, 1, Double.NaN, 0));
      assertRefused("ddof = 2", () -> new VicReg(1, 1, 1, 2));
      assertRefused("ddof = 1 has no meaning", () -> new VicReg(1, 1, 1, 1).degreeWeighted(backend, graph, 1));
      assertRefused("bandwidth2 = 0.0", () -> new GaussianKernel(backend, x, 0));
      assertRefused("must be square", () -> KernelPca.embedding(backend, x, 1));
      assertRefused("must be square", () -> ClassicalMds.ofDistances(backend, x, 1));
      assertRefused("is related to itself", () -> GraphInfoNce.entropy(graph));
      assertRefused("not related at all", () -> GraphInfoNce.distances(backend, Relations.twoViews(2), 1, 1));
      assertRefused("beta = -1.0", () -> new HingeVicReg(1, -1, 1));
      refusal(ShapeMismatch.class, () -> Lda.embedding(backend, x, new int[] {0, 1}, 1));
      refusal(ShapeMismatch.class, () -> Cca.embedding(backend, x, three, 1));
      assertRefused("3 samples, the graph relates 4", () -> Lpp.embedding(backend, three, graph, 1));
      assertTrue(refusal(NonFinite.class, () -> Pca.embedding(backend, nan, 1)).contains("row 1, column 0"));
      refusal(NonFinite.class, () -> Cca.embedding(backend, nan, x, 1));
      refusal(NonFinite.class, () -> new GaussianKernel(backend, nan, 1));
    }
  }

  private static void assertRefused(String expected, Executable call) {
    String text = refusal(InvalidArgument.class, call);
    assertTrue(text.contains(expected), text);
  }

  private static String refusal(Class<? extends ContraSpectraException> kind, Executable call) {
    return assertThrows(kind, call).getMessage();
  }

  private static int[] labels(int n) {
    return IntStream.range(0, n).map(i -> i % 4).toArray();
  }

  private static double squaredNorm(Matrix z) {
    return Arrays.stream(z.toArray()).map(v -> v * v).sum();
  }

  private static double[] gram(Embedding z) {
    return Dense.flat(Dense.gram(Dense.rows(z.points().toArray(), (int) z.points().cols())));
  }
}
