package io.contraspectra.core.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.graph.ConnectedComponents;
import io.contraspectra.core.graph.NearestNeighbours;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;

/**
 * ISOMAP (Tenenbaum, de Silva and Langford 2000): classical scaling of the shortest paths in the graph of nearest
 * neighbours.
 */
public final class Isomap {

  private Isomap() {}

  /**
   * The embedding.
   *
   * @param x N x d
   * @param neighbours k of the neighbourhood graph
   * @param k K, at most N − 1
   * @throws InvalidArgument if the neighbourhood graph has several components, between which there is no distance
   */
  public static Embedding embedding(Backend backend, Matrix x, int neighbours, int k) {
    Requirements.dimensions("isomap", k, x.rows() - 1, "distances of " + x.rows() + " samples span no more");
    NearestNeighbours graph = NearestNeighbours.search(backend, x, neighbours);
    ConnectedComponents components = graph.components();
    if (components.count() > 1) {
      throw new InvalidArgument("isomap: the graph of " + neighbours + " nearest neighbours has " + components.count()
          + " components, between which there is no distance; give more neighbours, or embed the components one by one");
    }
    try (Matrix geodesics = graph.geodesics(backend)) {
      return ClassicalMds.ofDistances(backend, geodesics, k);
    }
  }
}
