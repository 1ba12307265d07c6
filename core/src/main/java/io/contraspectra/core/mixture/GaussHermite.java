package io.contraspectra.core.mixture;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;

/**
 * Quadrature for standard normal vectors of q dimensions, {@code E f(g) ≈ Σ_i ω_i f(g_i)}: the product of Gauss–Hermite
 * rules, from the eigenpairs of the Jacobi matrix (Golub and Welsch 1969). Owns its matrices; close it.
 *
 * @param nodes N x q
 * @param weights N x 1, of sum 1
 */
record GaussHermite(Matrix nodes, Matrix weights) implements AutoCloseable {

  /** Nodes an axis for q = 1, 2, 3, …; beyond, products would be too large. */
  private static final int[] DEFAULT = {80, 56, 24, 14, 10, 8};

  /** The rule with as many nodes as smooth integrands of that many dimensions need, or can be afforded. */
  static GaussHermite of(Backend backend, int dimensions) {
    if (dimensions > DEFAULT.length) {
      throw new InvalidArgument("quadrature over " + dimensions + " dimensions is out of reach; mixtures of at most "
          + (DEFAULT.length + 1) + " components, or maps to at most " + DEFAULT.length + " dimensions, can be integrated");
    }
    return of(backend, dimensions, dimensions == 0 ? 1 : DEFAULT[dimensions - 1]);
  }

  /** The rule with {@code axis} nodes in each dimension; one node of weight 1 for no dimension. */
  static GaussHermite of(Backend backend, int dimensions, int axis) {
    double[][] rule = axisRule(backend, axis);
    int count = Math.toIntExact(Math.round(Math.pow(axis, dimensions)));
    var nodes = new double[count * dimensions];
    var weights = new double[count];
    for (int i = 0; i < count; i++) {
      weights[i] = 1;
      int index = i;
      for (int k = 0; k < dimensions; k++) {
        nodes[i * dimensions + k] = rule[0][index % axis];
        weights[i] *= rule[1][index % axis];
        index /= axis;
      }
    }
    return new GaussHermite(backend.matrix(count, dimensions, nodes), backend.matrix(count, 1, weights));
  }

  /** Nodes and weights of one axis: eigenvalues, and squared first components of the eigenvectors. */
  private static double[][] axisRule(Backend backend, int axis) {
    try (Matrix jacobi = backend.zeros(DType.F64, axis, axis); Matrix values = backend.zeros(DType.F64, 1, axis)) {
      for (int i = 1; i < axis; i++) {
        jacobi.set(i, i - 1, Math.sqrt(i));
        jacobi.set(i - 1, i, Math.sqrt(i));
      }
      backend.eigh(jacobi, values);
      double[] first = jacobi.block(0, 0, axis, 1).toArray();
      for (int i = 0; i < axis; i++) {
        first[i] *= first[i];
      }
      return new double[][] {values.toArray(), first};
    }
  }

  @Override
  public void close() {
    nodes.close();
    weights.close();
  }
}
