package io.contraspectra.core.operator;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.core.random.RandomStreams;
import java.util.Arrays;

/**
 * Start vectors from a few rows of a positive semi-definite operator (Williams and Seeger 2001): with C = A[s, :] and
 * the eigenvectors U of C[:, s], the rows of U C span the leading eigenvectors of {@code Cᵀ C[:, s]⁺ C}, which
 * approximates A.
 */
final class Nystrom {

  private Nystrom() {}

  /**
   * Start vectors.
   *
   * @param block how many
   * @return block x n, not orthonormal; to be closed by the caller
   */
  static Matrix start(SymmetricOperator a, int block, EigenOptions options) {
    Backend backend = a.backend();
    int n = Math.toIntExact(a.size());
    int landmarks = Math.min(n, Math.max(block, options.landmarks()));
    int[] chosen = RandomDraws.distinct(RandomStreams.of(options.seed()).named("eigensolver/landmarks"), landmarks, n);
    Arrays.sort(chosen);
    try (Matrix rows = backend.zeros(a.dtype(), landmarks, n)) {
      a.rows(chosen, rows);
      backend.requireFinite("eigensolver: rows of A", rows);
      try (Matrix square = square(backend, rows, chosen); EigenPairs pairs = DenseEigen.all(backend, square)) {
        Matrix start = backend.zeros(a.dtype(), block, n);
        backend.gemm(NO, NO, 1, pairs.vectors().rowRange(0, block), rows, 0, start);
        return start;
      }
    }
  }

  /** The columns of the chosen rows that belong to the chosen. */
  private static Matrix square(Backend backend, Matrix rows, int[] chosen) {
    int count = chosen.length;
    Matrix square = backend.zeros(rows.dtype(), count, count);
    for (int i = 0; i < count; i++) {
      double[] row = rows.rowRange(i, 1).toArray();
      square.rowRange(i, 1).copyFrom(Arrays.stream(chosen).mapToDouble(j -> row[j]).toArray());
    }
    return square;
  }
}
