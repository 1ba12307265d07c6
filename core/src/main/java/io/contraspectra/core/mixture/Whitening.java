package io.contraspectra.core.mixture;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import java.util.Arrays;

/** Maps under which a second moment becomes the identity: contrastive losses should be minimised there (gmm.md 7). */
final class Whitening {

  /** Eigenvalues below this part of the largest count as this much, so that constant directions stay harmless. */
  private static final double FLOOR = 1e-9;

  private Whitening() {}

  /**
   * {@code W = Λ^(-1/2)V} for the symmetric {@code T = VᵀΛV}, so that {@code WTWᵀ = I}.
   *
   * @param total T, d x d, positive semi-definite and not 0
   * @return d x d, to be closed by the caller
   */
  static Matrix of(Backend backend, Matrix total) {
    try (EigenPairs pairs = Eigensolver.full(backend, total)) {
      double[] values = pairs.values().toArray();
      if (!(values[0] > 0)) {
        throw new InvalidArgument("whitening: the data do not vary; give samples that differ");
      }
      double[] factors = Arrays.stream(values).map(value -> 1 / Math.sqrt(Math.max(value, FLOOR * values[0]))).toArray();
      Matrix map = backend.copyOf(pairs.vectors(), total.dtype());
      try (Matrix column = backend.zeros(total.dtype(), values.length, 1)) {
        column.copyFrom(factors);
        backend.multiplyColumn(column, map, map);
        return map;
      }
    }
  }
}
