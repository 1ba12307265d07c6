package io.contraspectra.core.spectral;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.golden.Dense;
import io.contraspectra.core.graph.NearestNeighbours;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.graph.Relations;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.optimize.Lbfgs;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every closed form is what descent on its loss reaches from three random starts, at the thresholds of spectral.md 9:
 * value within 1e-9, Gram matrix within 1e-5. The losses are written down anew here, with gradients that are checked by
 * differences.
 */
class DescentTest {

  private static final double VALUE = 1e-9;
  private static final double GRAM = 1e-5;
  private static final int N = 36;
  private static final int K = 4;
  private static final int INPUTS = 6;

  private Backend backend;
  private double[][] x;
  private double[][] g;
  private RelationGraph graph;

  @BeforeEach
  void relateSamples() {
    backend = Backends.select("auto");
    x = Dense.centred(Dense.rows(new SplittableRandom(11).doubles((long) N * INPUTS, -1, 1).toArray(), INPUTS));
    try (Matrix samples = matrix(x)) {
      graph = NearestNeighbours.search(backend, samples, 5).heat(3);
    }
    g = dense(graph);
  }

  @AfterEach
  void closeBackend() {
    backend.close();
  }

  private interface Closed {
    Embedding form();
  }

  @ParameterizedTest
  @CsvSource({"1, 1, .2, 0", "1, 1, .2, 1", "1, 3, .3, 0", "1, 3, .3, 1", "4, 1, .5, 0", "4, 1, 1, 1", "2, .5, .8, 0"})
  void vicReg(double alpha, double beta, double gamma, int ddof) {
    var form = new VicReg(alpha, beta, gamma, ddof);
    reached(PlainLoss.vicReg(g, alpha, beta, gamma, ddof), () -> form.embedding(backend, graph, K), Dense::centred);
    linear(PlainLoss.vicReg(g, alpha, beta, gamma, ddof), () -> linear(form));
  }

  private Embedding linear(VicReg form) {
    try (Matrix samples = matrix(x)) {
      return form.linear(backend, samples, graph, K);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1, .3", "1, 2, .5", "3, 1, .6"})
  void degreeWeightedVicReg(double alpha, double beta, double gamma) {
    var form = new VicReg(alpha, beta, gamma, 0);
    double[] d = PlainLoss.degrees(g);
    double total = Arrays.stream(d).sum();
    UnaryOperator<double[][]> weightless = z -> {
      double[] mean = IntStream.range(0, K).mapToDouble(c -> IntStream.range(0, N).mapToDouble(i -> d[i] * z[i][c])
          .sum() / total).toArray();
      return PlainLoss.map(z, (i, c) -> z[i][c] - mean[c]);
    };
    reached(PlainLoss.degreeVicReg(g, alpha, beta, gamma), () -> form.degreeWeighted(backend, graph, K), weightless);
    linear(PlainLoss.degreeVicReg(g, alpha, beta, gamma), () -> {
      try (Matrix samples = matrix(x)) {
        return form.linearDegreeWeighted(backend, samples, graph, K);
      }
    });
  }

  @Test
  void squaredSimClr() {
    for (boolean centred : new boolean[] {false, true}) {
      PlainLoss loss = PlainLoss.factorisation(centred ? PlainLoss.doublyCentred(g) : g);
      reached(loss, () -> SquaredSimClr.embedding(backend, graph, K, centred), z -> z);
      linear(loss, () -> {
        try (Matrix samples = matrix(x)) {
          return SquaredSimClr.linear(backend, samples, graph, K, centred);
        }
      });
    }
  }

  @Test
  void spectralContrastive() {
    PlainLoss loss = PlainLoss.spectralContrastive(g);
    reached(loss, () -> SpectralContrastive.embedding(backend, graph, K), z -> z);
    linear(loss, () -> {
      try (Matrix samples = matrix(x)) {
        return SpectralContrastive.linear(backend, samples, graph, K);
      }
    });
  }

  @Test
  void unnormalisedBarlowTwinsAttainsItsValueInManyWays() {
    // Any K positive eigenvalues will do, so only the value is compared; it is attained by the form itself too.
    PlainLoss loss = PlainLoss.barlowTwins(PlainLoss.doublyCentred(g));
    try (Embedding form = BarlowTwins.unnormalised(backend, graph, K);
        Matrix samples = matrix(x); Embedding encoder = BarlowTwins.linearUnnormalised(backend, samples, graph, K)) {
      assertEquals(0, form.optimum().orElseThrow());
      assertEquals(0, value(loss, rows(form.points())), VALUE);
      assertEquals(encoder.optimum().orElseThrow(), value(loss, rows(encoder.points())), VALUE);
      assertEquals(0, minimised(loss, start(N, K, 1)), VALUE);
    }
    double[][] labels = dense(labelGraph());
    PlainLoss of3 = PlainLoss.barlowTwins(PlainLoss.doublyCentred(labels));
    try (Embedding form = BarlowTwins.unnormalised(backend, labelGraph(), K)) {
      for (int seed = 1; seed <= 3; seed++) {
        assertEquals(form.optimum().orElseThrow(), minimised(of3, start(N, K, seed)), VALUE);
      }
    }
  }

  private static RelationGraph labelGraph() {
    return Relations.labels(IntStream.range(0, N).map(i -> i % 3).toArray());
  }

  @Test
  void constrainedBarlowTwins() {
    double[] d = PlainLoss.degrees(g);
    // The constraint is built in: Z R⁻¹ has white columns for ZᵀDZ = RᵀR, and the value does not depend on which R.
    PlainLoss free = (z, gradient) -> constrained(PlainLoss.map(z, (i, c) -> z[i][c]), d);
    try (Embedding form = BarlowTwins.constrained(backend, graph, 1);
        Matrix samples = matrix(x); Embedding encoder = BarlowTwins.linearConstrained(backend, samples, graph, 2)) {
      assertEquals(form.optimum().orElseThrow(), constrained(rows(form.points()), d), VALUE);
      for (int seed = 1; seed <= 3; seed++) {
        assertEquals(form.optimum().orElseThrow(), minimised(differenced(free), start(N, 1, seed)), VALUE);
        PlainLoss ofWeights = (w, gradient) -> plainConstrained(Dense.product(x, w), d);
        assertEquals(encoder.optimum().orElseThrow(), minimised(differenced(ofWeights), start(INPUTS, 2, seed)), VALUE);
      }
    }
  }

  /** {@code ‖R⁻ᵀ ZᵀGZ R⁻¹ − I‖²} of D-centred Z. */
  private double constrained(double[][] z, double[] d) {
    double total = Arrays.stream(d).sum();
    double[] mean = IntStream.range(0, z[0].length).mapToDouble(c -> IntStream.range(0, N)
        .mapToDouble(i -> d[i] * z[i][c]).sum() / total).toArray();
    return plainConstrained(PlainLoss.map(z, (i, c) -> z[i][c] - mean[c]), d);
  }

  private double plainConstrained(double[][] z, double[] d) {
    double[][] metric = Dense.product(Dense.transpose(z), PlainLoss.map(z, (i, c) -> d[i] * z[i][c]));
    double[][] relation = Dense.product(Dense.transpose(z), Dense.product(g, z));
    // ‖R⁻ᵀ A R⁻¹ − I‖² = tr (B⁻¹A)² − 2 tr B⁻¹A + K
    double[][] ratio = Dense.solve(metric, relation);
    double value = z[0].length;
    for (int a = 0; a < ratio.length; a++) {
      value += Dense.product(ratio, ratio)[a][a] - 2 * ratio[a][a];
    }
    return value;
  }

  @Test
  void infoNceAttainsTheEntropyOfEmbeddableRelations() {
    double[][] points = Dense.rows(new SplittableRandom(2).doubles(18L * 2, -1, 1).toArray(), 2);
    double[][] near = PlainLoss.map(new double[18][18],
        (i, j) -> i == j ? 0 : Math.exp(-PlainLoss.squaredDistance(points[i], points[j]) / 2));
    check(PlainLoss.infoNceOfDistances(near, 2), start(18, 2, 4));
    double[][] units = PlainLoss.map(points, (i, c) -> points[i][c] / Math.sqrt(PlainLoss.dot(points[i], points[i])));
    double[][] alike = PlainLoss.map(new double[18][18],
        (i, j) -> i == j ? 0 : Math.exp(PlainLoss.dot(units[i], units[j]) / 0.5));
    check(PlainLoss.infoNceOfCosines(alike, 0.5), start(18, 2, 4));
    for (int seed = 1; seed <= 3; seed++) {
      double[][] z = start(18, 2, seed);
      double[][] u = start(18, 2, seed);
      try (Embedding distances = GraphInfoNce.distances(backend, graph(near), 2, 2);
          Embedding cosines = GraphInfoNce.cosines(backend, graph(alike), 0.5, 2)) {
        assertEquals(distances.optimum().orElseThrow(), minimised(PlainLoss.infoNceOfDistances(near, 2), z), VALUE);
        assertGram(rows(distances.points()), Dense.centred(z));
        assertEquals(cosines.optimum().orElseThrow(), minimised(PlainLoss.infoNceOfCosines(alike, 0.5), u), VALUE);
        assertGram(rows(cosines.points()),
            PlainLoss.map(u, (i, c) -> u[i][c] / Math.sqrt(PlainLoss.dot(u[i], u[i]))));
      }
    }
  }

  @Test
  void weakRelationsLeadToKernelPca() {
    double[][] p0 = dense(labelGraph());
    double tight = weakError(p0, 0.025);
    double loose = weakError(p0, 0.05);
    assertTrue(tight <= 0.04, "relative error " + tight);
    assertTrue(loose / tight > 1.5 && loose / tight < 2.3, loose + " against " + tight);
  }

  /** Relative deviation of the first-order Gram matrix from the one that descent finds. */
  private double weakError(double[][] p0, double e) {
    double[][] weak = PlainLoss.map(p0, (i, j) -> (1 - e) / N + e * p0[i][j]);
    double[][] z = start(N, 2, 1);
    for (double[] row : z) {
      Arrays.setAll(row, c -> 0.3 * row[c]);
    }
    minimised(PlainLoss.infoNceOfProducts(weak), z);
    try (Embedding form = GraphInfoNce.weakRelation(backend, graph(weak), 1, 2)) {
      double[][] found = Dense.gram(z);
      double[][] expected = Dense.gram(rows(form.points()));
      return Math.sqrt(PlainLoss.sumOfSquares(PlainLoss.map(found, (i, j) -> found[i][j] - expected[i][j]))
          / PlainLoss.sumOfSquares(found));
    }
  }

  @Test
  void twoViewVicReg() {
    double[][] xb = Dense.centred(PlainLoss.map(new double[N][5],
        (i, c) -> Math.sin(x[i][c]) + 0.4 * x[(i * 7 + c) % N][c]));
    try (Matrix a = matrix(x); Matrix b = matrix(xb); Cca.Pair form = Cca.vicReg(backend, a, b, 2, 1.5, 0.8)) {
      double[][] both = PlainLoss.map(new double[2 * N][INPUTS + 5], (i, c) -> i < N ? c < INPUTS ? x[i][c] : 0
          : c < INPUTS ? 0 : xb[i - N][c - INPUTS]);
      PlainLoss loss = twoViews(1.5, 0.8).ofWeights(both);
      check(loss, start(INPUTS + 5, 2, 5));
      for (int seed = 1; seed <= 3; seed++) {
        double[][] w = start(INPUTS + 5, 2, seed);
        assertEquals(form.first().optimum().orElseThrow(), minimised(loss, w), VALUE);
        double[][] wa = Arrays.copyOf(w, INPUTS);
        assertGram(rows(form.first().map().orElseThrow().weights()), wa);
        assertGram(rows(form.second().map().orElseThrow().weights()), Arrays.copyOfRange(w, INPUTS, INPUTS + 5));
      }
    }
  }

  /** {@code alpha(‖C_A − I‖² + ‖C_B − I‖²) + (gamma/n) ‖Z_A − Z_B‖²}, the views one below the other. */
  private static PlainLoss twoViews(double alpha, double gamma) {
    return (z, gradient) -> {
      int n = z.length / 2;
      double value = 0;
      for (double[][] view : new double[][][] {Arrays.copyOf(z, n), Arrays.copyOfRange(z, n, 2 * n)}) {
        double[][] c = Dense.product(Dense.transpose(view), view);
        double[][] residual = PlainLoss.map(c, (a, b) -> c[a][b] / n - (a == b ? 1 : 0));
        value += alpha * PlainLoss.sumOfSquares(residual);
        double[][] slope = Dense.product(view, residual);
        int offset = view[0] == z[0] ? 0 : n;
        for (int i = 0; i < n; i++) {
          for (int a = 0; a < c.length; a++) {
            gradient[offset + i][a] = 4 * alpha / n * slope[i][a]
                + 2 * gamma / n * (z[offset + i][a] - z[n - offset + i][a]);
          }
        }
      }
      for (int i = 0; i < n; i++) {
        value += gamma / n * PlainLoss.squaredDistance(z[i], z[n + i]);
      }
      return value;
    };
  }

  @Test
  void hingeVicRegUnderItsCondition() {
    var form = new HingeVicReg(1, 50, 0.1);
    try (Embedding z = form.embedding(backend, graph, 3)) {
      double optimum = z.optimum().orElseThrow();
      assertEquals(optimum, hinge(rows(z.points()), form), VALUE);
      // A saddle or worse would let some direction go down.
      var random = new SplittableRandom(9);
      for (double size : new double[] {1e-4, 1e-3, 1e-2, 1e-1}) {
        for (int draw = 0; draw < 200; draw++) {
          double[][] moved = PlainLoss.map(rows(z.points()), (i, c) -> size * random.nextDouble(-1, 1));
          double[][] points = rows(z.points());
          assertTrue(hinge(PlainLoss.map(moved, (i, c) -> points[i][c] + moved[i][c]), form) > optimum - VALUE);
        }
      }
    }
  }

  private double hinge(double[][] z, HingeVicReg form) {
    double[][] centred = Dense.centred(z);
    double[][] c = Dense.product(Dense.transpose(centred), centred);
    double[][] lz = Dense.product(PlainLoss.laplacian(g), centred);
    double value = 0;
    for (int a = 0; a < c.length; a++) {
      value += form.alpha() * Math.max(0, 1 - Math.sqrt(c[a][a] / N));
      for (int b = 0; b < c.length; b++) {
        value += a == b ? 0 : form.beta() * c[a][b] * c[a][b] / N / N;
      }
    }
    for (int i = 0; i < N; i++) {
      value += 2 * form.gamma() / N * PlainLoss.dot(centred[i], lz[i]);
    }
    return value;
  }

  /** Descent in the points. */
  private void reached(PlainLoss loss, Closed closed, UnaryOperator<double[][]> normal) {
    check(loss, start(N, K, 7));
    try (Embedding form = closed.form()) {
      assertEquals(form.optimum().orElseThrow(), value(loss, rows(form.points())), VALUE, "the form's own value");
      for (int seed = 1; seed <= 3; seed++) {
        double[][] z = start(N, K, seed);
        assertEquals(form.optimum().orElseThrow(), minimised(loss, z), VALUE);
        assertGram(rows(form.points()), normal.apply(z));
      }
    }
  }

  /** Descent in the weights of a linear encoder. */
  private void linear(PlainLoss loss, Closed closed) {
    PlainLoss ofWeights = loss.ofWeights(x);
    try (Embedding form = closed.form()) {
      double[][] weights = rows(form.map().orElseThrow().weights());
      assertEquals(form.optimum().orElseThrow(), value(loss, rows(form.points())), VALUE, "the form's own value");
      for (int seed = 1; seed <= 3; seed++) {
        double[][] w = start(INPUTS, K, seed);
        assertEquals(form.optimum().orElseThrow(), minimised(ofWeights, w), VALUE);
        assertGram(weights, w);
      }
    }
  }

  /** Minimises in place and returns the value reached. */
  private double minimised(PlainLoss loss, double[][] z) {
    try (Matrix theta = matrix(z); var lbfgs = new Lbfgs(backend, theta, 20)) {
      lbfgs.minimise((point, gradient) -> {
        double[][] at = rows(point);
        var slope = new double[at.length][at[0].length];
        double value = loss.at(at, slope);
        gradient.copyFrom(Dense.flat(slope));
        return value;
      }, theta, new Lbfgs.Stop(1e-9, 1e-16, 1500));
      double[][] found = rows(theta);
      System.arraycopy(found, 0, z, 0, z.length);
    }
    return value(loss, z);
  }

  private static double value(PlainLoss loss, double[][] z) {
    return loss.at(z, new double[z.length][z[0].length]);
  }

  /** The loss with a gradient by central differences, for those written down without one. */
  private static PlainLoss differenced(PlainLoss loss) {
    return (z, gradient) -> {
      PlainLoss.fill(gradient, (i, c) -> difference(loss, z, i, c));
      return value(loss, z);
    };
  }

  private static double difference(PlainLoss loss, double[][] z, int i, int c) {
    double step = 1e-5;
    double[][] moved = Arrays.stream(z).map(double[]::clone).toArray(double[][]::new);
    moved[i][c] += step;
    double above = value(loss, moved);
    moved[i][c] -= 2 * step;
    return (above - value(loss, moved)) / (2 * step);
  }

  /** Gradients agree with differences to 1e-6. */
  private static void check(PlainLoss loss, double[][] z) {
    var gradient = new double[z.length][z[0].length];
    loss.at(z, gradient);
    double scale = Math.sqrt(PlainLoss.sumOfSquares(gradient));
    for (int i = 0; i < z.length; i += 5) {
      for (int c = 0; c < z[i].length; c++) {
        assertEquals(difference(loss, z, i, c), gradient[i][c], 1e-6 * scale);
      }
    }
  }

  private static void assertGram(double[][] expected, double[][] actual) {
    double[][] first = Dense.gram(expected);
    double[][] second = Dense.gram(actual);
    double error = Math.sqrt(PlainLoss.sumOfSquares(PlainLoss.map(first, (i, j) -> first[i][j] - second[i][j]))
        / PlainLoss.sumOfSquares(first));
    assertTrue(error <= GRAM, "Gram matrices differ by " + error);
  }

  private static double[][] start(int rows, int cols, int seed) {
    return Dense.rows(new SplittableRandom(seed).doubles((long) rows * cols, -1, 1).toArray(), cols);
  }

  private Matrix matrix(double[][] rows) {
    return backend.matrix(rows.length, rows[0].length, Dense.flat(rows));
  }

  private static double[][] rows(Matrix matrix) {
    return Dense.rows(matrix.toArray(), (int) matrix.cols());
  }

  private double[][] dense(RelationGraph of) {
    try (Matrix matrix = of.toMatrix(backend, DType.F64)) {
      return rows(matrix);
    }
  }

  private RelationGraph graph(double[][] of) {
    try (Matrix matrix = matrix(of)) {
      return RelationGraph.of(backend, matrix);
    }
  }
}
