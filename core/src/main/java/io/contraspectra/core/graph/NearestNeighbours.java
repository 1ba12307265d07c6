package io.contraspectra.core.graph;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import java.util.function.DoubleUnaryOperator;

/**
 * The k nearest other samples of every sample in Euclidean distance, ties by lower index, and the graphs that join
 * samples of which one is a neighbour of the other (spectral.md 1). Immutable.
 *
 * <p>Distances come from matrix products, whose rounding error is bounded; every sample that may be a neighbour within
 * that bound is compared by its distance summed coordinate by coordinate, in double precision. So neighbours and ties
 * do not depend on how products are computed.
 */
public final class NearestNeighbours {

  private final int k;
  private final int[] indices;
  private final double[] squaredDistances;

  NearestNeighbours(int k, int[] indices, double[] squaredDistances) {
    this.k = k;
    this.indices = indices;
    this.squaredDistances = squaredDistances;
  }

  /**
   * Searches among the rows of X.
   *
   * @param x N x d, finite
   * @param k neighbours of every sample, itself not counted; 1 to N−1
   */
  public static NearestNeighbours search(Backend backend, Matrix x, int k) {
    if (k < 1 || k >= x.rows()) {
      throw new InvalidArgument("nearest neighbours: k = " + k + " of " + x.rows() + " samples; it must be from 1 to "
          + (x.rows() - 1) + ", a sample is not its own neighbour");
    }
    backend.requireFinite("nearest neighbours: X", x);
    try (var distances = new SquaredDistances(backend, x)) {
      return new NeighbourSearch(backend, distances, x, k).run();
    }
  }

  /**
   * The median of all N² squared distances between rows of X, the N zeros included: the default scale of
   * {@link #heat}.
   *
   * @param x N x d, finite, at least one row
   */
  public static double medianSquaredDistance(Backend backend, Matrix x) {
    backend.requireFinite("median distance: X", x);
    try (var distances = new SquaredDistances(backend, x)) {
      return distances.median();
    }
  }

  /** k. */
  public int k() {
    return k;
  }

  /** N. */
  public int samples() {
    return indices.length / k;
  }

  /** The neighbour of a rank, 0 for the nearest. */
  public int neighbour(int sample, int rank) {
    return indices[sample * k + rank];
  }

  /** Squared distance to the neighbour of a rank. */
  public double squaredDistance(int sample, int rank) {
    return squaredDistances[sample * k + rank];
  }

  /** {@code G_ij = 1} if j is among the neighbours of i, or i among those of j. */
  public RelationGraph binary() {
    return graph(_ -> 1);
  }

  /**
   * {@code G_ij = exp(−|x_i − x_j|²/s)} where {@link #binary()} has 1.
   *
   * @param s scale, positive
   */
  public RelationGraph heat(double s) {
    if (!(s > 0) || Double.isInfinite(s)) {
      throw new InvalidArgument("graph: the scale of heat weights is " + s + ", it must be positive and finite");
    }
    return graph(squared -> Math.exp(-squared / s));
  }

  /**
   * Distances along edges between all pairs (ISOMAP): shortest paths in the neighbourhood graph whose edges are as long
   * as samples are apart.
   *
   * @return N x N, infinite between components; to be closed by the caller
   */
  public Matrix geodesics(Backend backend) {
    return new ShortestPaths(NeighbourUnion.of(this)).allPairs(backend);
  }

  /** The components of the neighbourhood graph; unlike those of {@link #heat} they do not depend on weights. */
  public ConnectedComponents components() {
    return binary().components();
  }

  private RelationGraph graph(DoubleUnaryOperator weight) {
    return NeighbourUnion.of(this).graph(weight);
  }
}
