package io.contraspectra.core.graph;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A symmetric, non-negative relation G between N samples (spectral.md 1): {@code G_ij} says how strongly i and j belong
 * together. Degrees are {@code d_i = Σ_j G_ij}, the Laplacian is {@code L = D − G}.
 *
 * <p>Only non-zero entries are kept, row after row with ascending columns (CSR), in double precision and on the host.
 * Immutable and thread-safe. Made by {@link Relations}, {@link NearestNeighbours} or {@link #of} a matrix.
 */
public final class RelationGraph {

  /** Takes one non-zero entry of a row. */
  @FunctionalInterface
  public interface Entry {
    void accept(int column, double weight);
  }

  private final int[] starts;
  private final int[] columns;
  private final double[] weights;
  private final double[] degrees;
  private final double totalWeight;

  /** Takes over arrays that are known to be a symmetric non-negative matrix without stored zeros. */
  RelationGraph(int[] starts, int[] columns, double[] weights) {
    this.starts = starts;
    this.columns = columns;
    this.weights = weights;
    this.degrees = new double[starts.length - 1];
    double total = 0;
    for (int i = 0; i < degrees.length; i++) {
      for (int at = starts[i]; at < starts[i + 1]; at++) {
        degrees[i] += weights[at];
      }
      total += degrees[i];
    }
    this.totalWeight = total;
  }

  /**
   * The graph of a dense matrix.
   *
   * @param g N x N, symmetric to 1e-10 of its largest entry, not negative
   * @throws InvalidArgument if G is not square, not symmetric, has a negative entry or no positive one
   * @throws io.contraspectra.core.matrix.NonFinite if G holds a NaN or an infinity
   */
  public static RelationGraph of(Backend backend, Matrix g) {
    return DenseGraph.compressed(backend, g);
  }

  /** N. */
  public int vertices() {
    return degrees.length;
  }

  /** Number of non-zero entries of G: both directions of an edge, and loops once. */
  public int entries() {
    return columns.length;
  }

  /** {@code d_i = Σ_j G_ij}. */
  public double degree(int vertex) {
    return degrees[vertex];
  }

  /** All degrees, a copy. */
  public double[] degrees() {
    return degrees.clone();
  }

  /** {@code Σ_ij G_ij}. */
  public double totalWeight() {
    return totalWeight;
  }

  /** {@code G_ij}, 0 where there is no edge. */
  public double weight(int i, int j) {
    int at = Arrays.binarySearch(columns, starts[i], starts[i + 1], j);
    return at < 0 ? 0 : weights[at];
  }

  /** {@code ‖G‖²}, the sum of squared entries. */
  public double squaredNorm() {
    double sum = 0;
    for (double weight : weights) {
      sum += weight * weight;
    }
    return sum;
  }

  /** Visits the non-zero entries of row i by ascending column. */
  public void forEachEntry(int row, Entry entry) {
    for (int at = starts[row]; at < starts[row + 1]; at++) {
      entry.accept(columns[at], weights[at]);
    }
  }

  /** Vertices without any relation, {@code d_i = 0}; they have no place in a normalised Laplacian. */
  public int[] isolatedVertices() {
    return IntStream.range(0, vertices()).filter(i -> degrees[i] == 0).toArray();
  }

  /** The connected components. */
  public ConnectedComponents components() {
    return ConnectedComponents.of(this);
  }

  /**
   * {@code (1−m) G + m G'}: a relation part of which is replaced by another (spectral.md 7).
   *
   * @param m between 0 and 1
   * @param other G', of the same vertices
   */
  public RelationGraph interpolatedWith(double m, RelationGraph other) {
    if (!(m >= 0 && m <= 1)) {
      throw new InvalidArgument("graph: the interpolation weight m = " + m + " must be between 0 and 1");
    }
    if (other.vertices() != vertices()) {
      throw new InvalidArgument("graph: a relation of " + vertices() + " samples cannot be mixed with one of "
          + other.vertices() + "; both must relate the same samples");
    }
    return GraphBuilder.sum(1 - m, this, m, other);
  }

  /**
   * The relations among some of the samples.
   *
   * @param chosen vertices, ascending without repetition; vertex i of the result is {@code chosen[i]}
   */
  public RelationGraph induced(int... chosen) {
    return GraphBuilder.induced(this, chosen);
  }

  /**
   * The graph as a dense matrix.
   *
   * @return N x N, to be closed by the caller
   */
  public Matrix toMatrix(Backend backend, DType dtype) {
    Matrix g = backend.zeros(dtype, vertices(), vertices());
    try {
      var row = new double[vertices()];
      for (int i = 0; i < vertices(); i++) {
        Arrays.fill(row, 0);
        forEachEntry(i, (j, weight) -> row[j] = weight);
        g.rowRange(i, 1).copyFrom(row);
      }
      return g;
    } catch (RuntimeException | Error e) {
      g.close();
      throw e;
    }
  }

  /** G as an operator. */
  public GraphOperator adjacency(Backend backend) {
    return GraphOperator.of(backend, this, new double[vertices()], 1, ones());
  }

  /** The Laplacian {@code L = D − G} as an operator. */
  public GraphOperator laplacian(Backend backend) {
    return GraphOperator.of(backend, this, degrees, -1, ones());
  }

  /** {@code D^(-1/2) G D^(-1/2)} as an operator; rows and columns of isolated vertices are zero. */
  public GraphOperator normalisedAdjacency(Backend backend) {
    return GraphOperator.of(backend, this, new double[vertices()], 1, inverseRoots());
  }

  /** {@code D^(-1/2) L D^(-1/2)} as an operator; rows and columns of isolated vertices are zero. */
  public GraphOperator normalisedLaplacian(Backend backend) {
    double[] diagonal = Arrays.stream(degrees).map(d -> d > 0 ? 1 : 0).toArray();
    return GraphOperator.of(backend, this, diagonal, -1, inverseRoots());
  }

  private double[] ones() {
    var ones = new double[vertices()];
    Arrays.fill(ones, 1);
    return ones;
  }

  private double[] inverseRoots() {
    return Arrays.stream(degrees).map(d -> d > 0 ? 1 / Math.sqrt(d) : 0).toArray();
  }

  int[] starts() {
    return starts;
  }

  int[] columns() {
    return columns;
  }

  double[] weights() {
    return weights;
  }

  @Override
  public String toString() {
    return "RelationGraph of " + vertices() + " vertices and " + entries() + " entries";
  }
}
