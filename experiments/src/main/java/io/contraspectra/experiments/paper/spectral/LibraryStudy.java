package io.contraspectra.experiments.paper.spectral;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.graph.NearestNeighbours;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.graph.Relations;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.spectral.BarlowTwins;
import io.contraspectra.core.spectral.Cca;
import io.contraspectra.core.spectral.Embedding;
import io.contraspectra.core.spectral.GaussianKernel;
import io.contraspectra.core.spectral.SpectralContrastive;
import io.contraspectra.core.spectral.SquaredSimClr;
import io.contraspectra.core.spectral.VicReg;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;

/**
 * S7: optima of losses against what scikit-learn and SciPy compute for classical methods, on their own data
 * (spectral.md 6). The same for every seed.
 */
final class LibraryStudy implements Study {

  private static final double CLOSE = 1e-8;
  private static final double CLOSE_CCA = 1e-6;
  private static final String LDA = "linear VICReg of labels - LDA";
  private static final String LDA_RATIOS = "1/lambda - 1, in parts of their sum - ratios of LDA";
  private static final String EIGENMAPS = "degree-weighted VICReg - SpectralEmbedding";
  private static final String KERNEL_PCA = "SimCLR of an RBF kernel - KernelPCA";
  private static final String SCALING = "SimCLR of distances - ClassicalMDS, PCA";
  private static final String ISOMAP = "SimCLR of geodesics - Isomap";
  private static final String LPP = "spectral contrastive, linear - LPP (scipy eigh)";
  private static final String CCA = "two-view VICReg - CCA, spans";
  private static final String CCA_VALUES = "Barlow Twins of two views - CCA, correlations";

  @Override
  public String name() {
    return "libraries";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    LibraryResults results = LibraryResults.read();
    try (Matrix x = results.matrix(backend, "X")) {
      discriminants(backend, results, x, sheet);
      graphs(backend, results, x, sheet);
      kernels(backend, results, x, sheet);
    }
    correlations(backend, results, sheet);
    return sheet;
  }

  private static void discriminants(Backend backend, LibraryResults results, Matrix x, Measured.Sheet sheet) {
    RelationGraph labels = Relations.labels(Arrays.stream(results.numbers("y")).mapToInt(y -> (int) y).toArray());
    try (Embedding form = new VicReg(1, 1, 0.5, 0).linear(backend, x, labels, 2)) {
      sheet.put(LDA, projectorError(backend, results, "lda_proj", form.map().orElseThrow().weights()));
      double[] eta = Arrays.stream(form.values()).map(lambda -> 1 / lambda - 1).toArray();
      double sum = DoubleStream.of(eta).sum();
      sheet.put(LDA_RATIOS, largest(Arrays.stream(eta).map(value -> value / sum).toArray(),
          results.numbers("lda_evr")));
    }
  }

  private static void graphs(Backend backend, LibraryResults results, Matrix x, Measured.Sheet sheet) {
    RelationGraph graph = neighbours(backend, results, x).binary();
    try (Embedding form = new VicReg(1, 1, 0.1, 0).degreeWeighted(backend, graph, 3)) {
      sheet.put(EIGENMAPS, projectorError(backend, results, "le_proj", form.points()));
      double[] columns = form.points().toArray();
      for (int at = 0; at < columns.length; at++) {
        columns[at] = Math.abs(columns[at]) / Math.sqrt(graph.totalWeight() * form.gains()[at % 3]);
      }
      sheet.largest(EIGENMAPS, largest(columns, results.numbers("le_abs")));
    }
    try (Embedding form = SpectralContrastive.linear(backend, x, graph, 2)) {
      sheet.put(LPP, projectorError(backend, results, "lpp_proj2", form.map().orElseThrow().weights()));
    }
  }

  private static void kernels(Backend backend, LibraryResults results, Matrix x, Measured.Sheet sheet) {
    long n = x.rows();
    try (var kernel = new GaussianKernel(backend, x, results.numbers("kpca_bandwidth2")[0]);
        Matrix gram = backend.zeros(DType.F64, n, n); Matrix squares = backend.zeros(DType.F64, n, n);
        Matrix geodesics = neighbours(backend, results, x).geodesics(backend)) {
      kernel.block(0, 0, gram);
      sheet.put(KERNEL_PCA, simClrError(backend, results, "kpca_gram", gram, 3));
      squaredDistances(backend, x, squares);
      sheet.put(SCALING, simClrError(backend, results, "cmds_gram", similarities(backend, squares), 2));
      backend.multiply(geodesics, geodesics, geodesics);
      sheet.put(ISOMAP, simClrError(backend, results, "iso_gram", similarities(backend, geodesics), 2));
    }
  }

  private static void correlations(Backend backend, LibraryResults results, Measured.Sheet sheet) {
    try (Matrix a = results.matrix(backend, "cca_XA"); Matrix b = results.matrix(backend, "cca_XB");
        Cca.Pair form = Cca.vicReg(backend, a, b, 2, 1, 0.5)) {
      sheet.put(CCA, Math.max(
          projectorError(backend, results, "cca_projA", form.first().map().orElseThrow().weights()),
          projectorError(backend, results, "cca_projB", form.second().map().orElseThrow().weights())));
      double[] rho = results.numbers("cca_rho");
      try (Matrix both = besideEachOther(backend, a, b); Embedding twins = BarlowTwins.linearConstrained(backend, both,
          Relations.twoViews((int) a.rows()), rho.length)) {
        sheet.put(CCA_VALUES, largest(twins.values(), rho));
      }
    }
  }

  /** {@code [[A, 0], [0, B]]} of both views without their means. */
  private static Matrix besideEachOther(Backend backend, Matrix a, Matrix b) {
    long n = a.rows();
    Matrix both = backend.zeros(DType.F64, 2 * n, a.cols() + b.cols());
    centred(backend, a, both.block(0, 0, n, a.cols()));
    centred(backend, b, both.block(n, a.cols(), n, b.cols()));
    return both;
  }

  private static void centred(Backend backend, Matrix x, Matrix target) {
    try (Matrix mean = backend.zeros(DType.F64, 1, x.cols())) {
      backend.columnSums(-1.0 / x.rows(), x, 0, mean);
      backend.copy(x, target);
      backend.addRow(1, mean, target);
    }
  }

  private static NearestNeighbours neighbours(Backend backend, LibraryResults results, Matrix x) {
    return NearestNeighbours.search(backend, x, (int) results.numbers("knn_k")[0]);
  }

  private static void squaredDistances(Backend backend, Matrix x, Matrix squares) {
    try (Matrix norms = backend.zeros(DType.F64, x.rows(), 1); Matrix row = backend.zeros(DType.F64, 1, x.rows());
        Matrix ones = backend.zeros(DType.F64, 1, x.rows())) {
      backend.rowDots(x, x, norms);
      backend.transpose(norms, row);
      backend.fill(1, ones);
      backend.gemm(NO, YES, -2, x, x, 0, squares);
      backend.gemm(YES, NO, 1, row, ones, 1, squares);
      backend.addRow(1, row, squares);
    }
  }

  /** {@code (max − Δ²)/2} in place: a relation, which is not negative, with the same centred form as {@code −Δ²/2}. */
  private static Matrix similarities(Backend backend, Matrix squares) {
    double most = backend.maxAbs(squares);
    backend.scale(-0.5, squares);
    backend.shift(most / 2, squares);
    return squares;
  }

  private static double simClrError(Backend backend, LibraryResults results, String gram, Matrix relation, int k) {
    try (Embedding form = SquaredSimClr.embedding(backend, RelationGraph.of(backend, relation), k, true);
        Matrix expected = results.matrix(backend, gram);
        Matrix actual = backend.zeros(DType.F64, expected.rows(), expected.cols())) {
      backend.gemm(NO, YES, 1, form.points(), form.points(), 0, actual);
      return backend.distance(expected, actual) / backend.norm(expected);
    }
  }

  private static double projectorError(Backend backend, LibraryResults results, String projector, Matrix columns) {
    try (Matrix expected = results.matrix(backend, projector); Matrix basis = Subspaces.basis(backend, "W", columns);
        Matrix actual = backend.zeros(DType.F64, expected.rows(), expected.cols())) {
      backend.gemm(NO, YES, 1, basis, basis, 0, actual);
      return backend.distance(expected, actual);
    }
  }

  private static double largest(double[] actual, double[] expected) {
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(actual[i] - expected[i]));
    }
    return largest;
  }

  @Override
  public List<Gate> gates() {
    var bounds = new ArrayList<Bound>();
    for (String row : List.of(LDA, LDA_RATIOS, EIGENMAPS, KERNEL_PCA, SCALING, ISOMAP, LPP)) {
      bounds.add(Bound.atMost(row, CLOSE));
    }
    bounds.add(Bound.atMost(CCA, CLOSE_CCA));
    bounds.add(Bound.atMost(CCA_VALUES, CLOSE_CCA));
    return List.of(new Gate("spectral:S7", "Optima of losses are what scikit-learn and SciPy compute by other names:"
        + " VICReg is LDA on the graph of labels and Laplacian eigenmaps on one of neighbours, SimCLR is kernel PCA,"
        + " classical scaling and ISOMAP, the linear spectral contrastive loss is LPP, two views are CCA.", bounds,
        "differences <= 1e-8, of CCA <= 1e-6"));
  }
}
