package io.contraspectra.core.backend.cuda;

import io.contraspectra.bindings.cuda.Cublas;
import io.contraspectra.bindings.cuda.Fill;
import io.contraspectra.bindings.cuda.Op;
import io.contraspectra.bindings.cuda.Real;
import io.contraspectra.core.backend.Side;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.DType;

/**
 * Matrix products, those with diagonal matrices among them, and transposition by cuBLAS, which is column-major and so
 * sees the transpose of every operand: {@code Cᵀ = op(B)ᵀ op(A)ᵀ}, lower triangles are upper ones, and what stands on
 * the left stands on the right.
 */
final class Products {

  /** Bytes of weighted samples and their products that the Gram of face-splitting products has at a time. */
  static final long PAIR_BYTES = 128L << 20;

  private final Elementwise elementwise;

  Products(Elementwise elementwise) {
    this.elementwise = elementwise;
  }

  void gemm(Lane lane, Transpose ta, Transpose tb, double alpha, Operand a, Operand b, double beta, Operand c) {
    if (c.size() == 0) {
      return;
    }
    if (a.size() == 0) {
      rescale(lane, beta, c);
      return;
    }
    long inner = ta == Transpose.NO ? a.cols() : a.rows();
    Cublas.gemm(lane.blas(), real(c.dtype()), op(tb), op(ta), c.cols(), c.rows(), inner, alpha, b.address(), b.ld(),
        a.address(), a.ld(), beta, c.address(), c.ld());
  }

  void syrk(Lane lane, Triangle triangle, Transpose ta, double alpha, Operand a, double beta, Operand c) {
    if (c.size() == 0) {
      return;
    }
    if (a.size() == 0) {
      elementwise.scaleTriangle(lane, triangle, beta, c);
      return;
    }
    long inner = ta == Transpose.NO ? a.cols() : a.rows();
    Cublas.syrk(lane.blas(), real(c.dtype()), flipped(triangle), op(ta) == Op.NONE ? Op.TRANSPOSE : Op.NONE, c.rows(),
        inner, alpha, a.address(), a.ld(), beta, c.address(), c.ld());
  }

  void solveTriangular(Lane lane, Side side, Triangle triangle, Transpose tt, double alpha, Operand t, Operand b) {
    if (b.size() > 0) {
      Cublas.trsm(lane.blas(), real(b.dtype()), side == Side.LEFT, flipped(triangle), op(tt), b.cols(), b.rows(), alpha,
          t.address(), t.ld(), b.address(), b.ld());
    }
  }

  /** Y := Xᵀ. */
  void transpose(Lane lane, Operand x, Operand y) {
    if (y.size() > 0) {
      Cublas.geam(lane.blas(), real(y.dtype()), Op.TRANSPOSE, Op.NONE, y.cols(), y.rows(), 1, x.address(), x.ld(), 0,
          y.address(), y.ld(), y.address(), y.ld());
    }
  }

  /** Y := X diag(row); Y may be X. */
  void multiplyRow(Lane lane, Operand row, Operand x, Operand y) {
    multiplyDiagonal(lane, false, row, 1, x, y);
  }

  /** Y := diag(column) X; Y may be X. */
  void multiplyColumn(Lane lane, Operand column, Operand x, Operand y) {
    multiplyDiagonal(lane, true, column, column.ld(), x, y);
  }

  private static void multiplyDiagonal(Lane lane, boolean right, Operand diagonal, long step, Operand x, Operand y) {
    if (y.size() > 0) {
      long ld = x.rows() == 1 ? y.ld() : x.ld(); // in place wants the same, which a single row may lack
      Cublas.dgmm(lane.blas(), real(y.dtype()), right, y.cols(), y.rows(), x.address(), ld, diagonal.address(), step,
          y.address(), y.ld());
    }
  }

  /**
   * The sums are symmetric in (k, l). All pairs k &lt;= l that fit into scratch memory are one product: of the samples
   * weighted by w_k ∘ w_l, one pair below the other, with H.
   */
  void addFaceSplitGram(Lane lane, Operand f, Operand g, Operand h, Operand w, Operand c) {
    if (c.size() == 0 || w.cols() == 0) {
      return;
    }
    long outputs = w.rows();
    long pairs = outputs * (outputs + 1) / 2;
    long pairBytes = (g.size() + f.size()) * c.dtype().bytes();
    long rounds = Math.ceilDiv(pairs, Math.clamp(PAIR_BYTES / pairBytes, 1, pairs));
    long together = Math.ceilDiv(pairs, rounds); // evenly, so that no product is a remnant
    lane.scratch(together * pairBytes, address -> {
      for (long first = 0; first < pairs; first += together) {
        long count = Math.min(together, pairs - first);
        var weighted = Operand.packed(address, c.dtype(), count * g.rows(), g.cols());
        var products = Operand.packed(address + weighted.bytes(), c.dtype(), count * g.rows(), h.rows());
        elementwise.weighPairs(lane, g, w, first, weighted);
        gemm(lane, Transpose.NO, Transpose.YES, 1, weighted, h, 0, products);
        elementwise.addPairs(lane, f, products, outputs, first, first + count, c);
      }
    });
  }

  private void rescale(Lane lane, double beta, Operand c) {
    if (beta == 0) {
      elementwise.fill(lane, 0, c);
    } else {
      elementwise.add(lane, beta, c, 0, c);
    }
  }

  static Real real(DType dtype) {
    return switch (dtype) {
      case F32 -> Real.SINGLE;
      case F64 -> Real.DOUBLE;
    };
  }

  static Fill flipped(Triangle triangle) {
    return switch (triangle) {
      case LOWER -> Fill.UPPER;
      case UPPER -> Fill.LOWER;
    };
  }

  private static Op op(Transpose transpose) {
    return switch (transpose) {
      case NO -> Op.NONE;
      case YES -> Op.TRANSPOSE;
    };
  }
}
