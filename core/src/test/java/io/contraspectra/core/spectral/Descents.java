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
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Descent on plainly written losses from three random starts, against closed forms at the thresholds of spectral.md 9:
 * value within 1e-9, Gram matrix and subspace within 1e-5. Samples with a heat-weighted neighbour graph. Close it.
 */
final class Descents implements AutoCloseable {

  static final double VALUE = 1e-9;
  static final double GRAM = 1e-5;
  static final double SINE = 1e-5;
  static final int STARTS = 3;
  static final int N = 36;
  static final int K = 4;
  static final int INPUTS = 6;

  final Backend backend = Backends.select("auto");
  final double[][] x;
  final double[][] g;
  final RelationGraph graph;

  Descents() {
    x = Dense.centred(start(N, INPUTS, 11));
    try (Matrix samples = matrix(x)) {
      graph = NearestNeighbours.search(backend, samples, 5).heat(3);
    }
    g = dense(graph);
  }

  /** Three classes of N samples. */
  static RelationGraph labels() {
    return Relations.labels(IntStream.range(0, N).map(i -> i % 3).toArray());
  }

  /** Descent in the points reaches the form, whose points are compared without what the loss does not see. */
  void reached(PlainLoss loss, Supplier<Embedding> closed, UnaryOperator<double[][]> normal) {
    check(loss, start(N, K, 7));
    try (Embedding form = closed.get()) {
      assertEquals(form.optimum().orElseThrow(), value(loss, rows(form.points())), VALUE, "the form's own value");
      int k = (int) form.points().cols();
      for (int seed = 1; seed <= STARTS; seed++) {
        double[][] z = start(N, k, seed);
        assertEquals(form.optimum().orElseThrow(), minimised(loss, z), VALUE);
        assertGram(rows(form.points()), normal.apply(z));
      }
    }
  }

  /** Descent in the weights of a linear encoder reaches the form. */
  void linear(PlainLoss loss, Function<Matrix, Embedding> closed) {
    PlainLoss ofWeights = loss.ofWeights(x);
    try (Matrix samples = matrix(x); Embedding form = closed.apply(samples)) {
      double[][] weights = rows(form.map().orElseThrow().weights());
      assertEquals(form.optimum().orElseThrow(), value(loss, rows(form.points())), VALUE, "the form's own value");
      for (int seed = 1; seed <= STARTS; seed++) {
        double[][] w = start(INPUTS, weights[0].length, seed);
        assertEquals(form.optimum().orElseThrow(), minimised(ofWeights, w), VALUE);
        assertGram(weights, w);
      }
    }
  }

  /** Minimises in place and returns the value reached. */
  double minimised(PlainLoss loss, double[][] z) {
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

  static double value(PlainLoss loss, double[][] z) {
    return loss.at(z, new double[z.length][z[0].length]);
  }

  /** Gradients agree with differences to 1e-6. */
  static void check(PlainLoss loss, double[][] z) {
    var gradient = new double[z.length][z[0].length];
    loss.at(z, gradient);
    double scale = Math.sqrt(PlainLoss.sumOfSquares(gradient));
    for (int i = 0; i < z.length; i += 5) {
      for (int c = 0; c < z[i].length; c++) {
        assertEquals(difference(loss, z, i, c), gradient[i][c], 1e-6 * scale);
      }
    }
  }

  private static double difference(PlainLoss loss, double[][] z, int i, int c) {
    double step = 1e-5;
    double[][] moved = PlainLoss.map(z, (row, col) -> z[row][col]);
    moved[i][c] += step;
    double above = value(loss, moved);
    moved[i][c] -= 2 * step;
    return (above - value(loss, moved)) / (2 * step);
  }

  static void assertGram(double[][] expected, double[][] actual) {
    double[][] first = Dense.gram(expected);
    double[][] second = Dense.gram(actual);
    double error = Math.sqrt(PlainLoss.sumOfSquares(PlainLoss.map(first, (i, j) -> first[i][j] - second[i][j]))
        / PlainLoss.sumOfSquares(first));
    assertTrue(error <= GRAM, "Gram matrices differ by " + error);
  }

  /** Equal spans of independent columns: the distance of projectors is at least the largest sine. */
  static void assertSpan(double[][] expected, double[][] actual) {
    double[][] first = Dense.projector(expected);
    double[][] second = Dense.projector(actual);
    double sine = Math.sqrt(PlainLoss.sumOfSquares(PlainLoss.map(first, (i, j) -> first[i][j] - second[i][j])));
    assertTrue(sine <= SINE, "spans differ by " + sine);
  }

  static double[][] start(int rows, int cols, int seed) {
    return Dense.rows(new SplittableRandom(seed).doubles((long) rows * cols, -1, 1).toArray(), cols);
  }

  Matrix matrix(double[][] rows) {
    return backend.matrix(rows.length, rows[0].length, Dense.flat(rows));
  }

  static double[][] rows(Matrix matrix) {
    return Dense.rows(matrix.toArray(), (int) matrix.cols());
  }

  double[][] dense(RelationGraph of) {
    try (Matrix matrix = of.toMatrix(backend, DType.F64)) {
      return rows(matrix);
    }
  }

  RelationGraph graph(double[][] of) {
    try (Matrix matrix = matrix(of)) {
      return RelationGraph.of(backend, matrix);
    }
  }

  @Override
  public void close() {
    backend.close();
  }
}
