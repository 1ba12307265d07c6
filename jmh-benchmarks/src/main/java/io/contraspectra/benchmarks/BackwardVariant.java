package io.contraspectra.benchmarks;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;

/**
 * Ways to form the backward Gram under a readout, {@code S_ij,kl = Σ_m G_im H_jm W_km W_lm}, for a few samples i and
 * more samples j.
 */
public enum BackwardVariant {

  /** One product of the two face-splitting products: 2 K² flops for each pair of samples and unit. */
  PRODUCT_OF_PANELS {
    @Override
    Entries form(Backend backend, Matrix g, Matrix h, Matrix w, Workspace workspace, Matrix c) {
      Matrix left = workspace.matrix(g.dtype(), g.rows() * w.rows(), w.cols());
      Matrix right = workspace.matrix(g.dtype(), h.rows() * w.rows(), w.cols());
      backend.faceSplit(1, g, w, left);
      backend.faceSplit(1, h, w, right);
      backend.gemm(Transpose.NO, Transpose.YES, 1, left, right, 0, c);
      return blocks(c, w);
    }
  },

  /** One product for each pair k &lt;= l, of H with the rows of G times w_k times w_l; left in planes. */
  WEIGHTED_PRODUCTS {
    @Override
    Entries form(Backend backend, Matrix g, Matrix h, Matrix w, Workspace workspace, Matrix c) {
      Matrix weights = workspace.matrix(g.dtype(), 1, w.cols());
      Matrix weighted = workspace.matrix(g.dtype(), g.rows(), w.cols());
      for (long k = 0; k < w.rows(); k++) {
        for (long l = k; l < w.rows(); l++) {
          backend.multiply(w.rowRange(k, 1), w.rowRange(l, 1), weights);
          backend.multiplyRow(weights, g, weighted);
          backend.gemm(Transpose.NO, Transpose.YES, 1, weighted, h, 0,
              c.block(k * g.rows(), l * h.rows(), g.rows(), h.rows()));
        }
      }
      return (i, j, k, l) -> c.block(k * g.rows() + i, l * h.rows() + j, 1, 1).toArray()[0];
    }
  },

  /** Partial sums of five units, looked up by the bits of two samples; see {@link ActivityTables}. */
  TABLES {
    @Override
    Entries form(Backend backend, Matrix g, Matrix h, Matrix w, Workspace workspace, Matrix c) {
      return new ActivityTables(g, h, w)::sum;
    }
  },

  /** The library's own: register tiles over the units that are active at sample i. */
  SKIPPING_PRODUCTS {
    @Override
    Entries form(Backend backend, Matrix g, Matrix h, Matrix w, Workspace workspace, Matrix c) {
      Matrix ones = workspace.matrix(g.dtype(), g.rows(), h.rows());
      backend.fill(1, ones);
      backend.faceSplitGram(ones, g, h, w, c);
      return blocks(c, w);
    }
  };

  /** The entries of a Gram that has been formed. */
  interface Entries {
    double of(long i, long j, long k, long l);
  }

  /**
   * Forms the Gram of one tile.
   *
   * @param g n x m slopes of samples i, zeros and ones
   * @param h p x m slopes of samples j
   * @param w K x m weights
   * @param c nK x pK, for those variants that write there
   */
  abstract Entries form(Backend backend, Matrix g, Matrix h, Matrix w, Workspace workspace, Matrix c);

  private static Entries blocks(Matrix c, Matrix w) {
    return (i, j, k, l) -> c.block(i * w.rows() + k, j * w.rows() + l, 1, 1).toArray()[0];
  }
}
