package io.contraspectra.core.mixture;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.Matrix;

/** Products of small matrices into new ones, where formulas are long and speed is elsewhere. */
final class Products {

  private Products() {}

  /** {@code op(A) op(B)}, to be closed by the caller. */
  static Matrix of(Backend backend, Transpose ta, Transpose tb, Matrix a, Matrix b) {
    Matrix c = backend.zeros(a.dtype(), ta == NO ? a.rows() : a.cols(), tb == NO ? b.cols() : b.rows());
    try {
      backend.gemm(ta, tb, 1, a, b, 0, c);
      return c;
    } catch (RuntimeException | Error e) {
      c.close();
      throw e;
    }
  }
}
