package io.contraspectra.core.manifold;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.random.RandomDraws;
import java.util.random.RandomGenerator;

/** Frames: d x z matrices W with orthonormal columns, {@code WᵀW = I}. All methods are thread-safe. */
public final class Stiefel {

  private Stiefel() {}

  /**
   * A random frame whose span is uniformly distributed: the orthonormal factor of a normal matrix. The caller closes
   * it.
   *
   * @param d rows, at least z
   * @param z columns, at least 1
   */
  public static Matrix random(Backend backend, DType dtype, int d, int z, RandomGenerator random) {
    requireTall("random frame", d, z);
    Matrix w = backend.zeros(dtype, d, z);
    try {
      w.copyFrom(RandomDraws.gaussian(random, Math.multiplyExact(d, z)));
      orthonormalise(backend, w);
      return w;
    } catch (RuntimeException | Error e) {
      w.close();
      throw e;
    }
  }

  /** Replaces W (d x z, of rank z) by the factor Q of {@code W = QR} whose R has a positive diagonal. */
  public static void orthonormalise(Backend backend, Matrix w) {
    try (Matrix r = backend.zeros(w.dtype(), w.cols(), w.cols())) {
      backend.qr(w, r);
    }
  }

  /** {@code max |WᵀW − I|}: 0 for a frame. */
  public static double defect(Backend backend, Matrix w) {
    try (Matrix gram = backend.zeros(w.dtype(), w.cols(), w.cols())) {
      backend.gemm(YES, NO, 1, w, w, 0, gram);
      backend.shiftDiagonal(-1, gram);
      return backend.maxAbs(gram);
    }
  }

  /**
   * Refuses what is no frame.
   *
   * @param name what W is, for messages, e.g. {@code W0}
   * @throws ShapeMismatch if W has no columns, or more of them than rows
   * @throws InvalidArgument if an entry of WᵀW differs from I by more than 1e-8 (f64) or 1e-4 (f32)
   */
  public static void requireFrame(Backend backend, String name, Matrix w) {
    requireTall(w.describe(name), w.rows(), w.cols());
    backend.requireFinite(name, w);
    double defect = defect(backend, w);
    if (defect > (w.dtype() == DType.F64 ? 1e-8 : 1e-4)) {
      throw new InvalidArgument(w.describe(name) + " must have orthonormal columns, but entries of its WᵀW differ from"
          + " the identity by up to " + defect + "; orthonormalise it first, e.g. by a QR factorisation");
    }
  }

  /** The projector {@code P = WWᵀ} (d x d) onto the span of a frame; the caller closes it. */
  public static Matrix projector(Backend backend, Matrix w) {
    Matrix p = backend.zeros(w.dtype(), w.rows(), w.rows());
    backend.gemm(NO, YES, 1, w, w, 0, p);
    return p;
  }

  /**
   * {@code H ← (I − WWᵀ)H}: what is left of H outside the span of the frame W.
   *
   * @param w d x z, orthonormal columns
   * @param h d x k, overwritten
   * @param scratch z x k, overwritten
   */
  static void removeSpan(Backend backend, Matrix w, Matrix h, Matrix scratch) {
    backend.gemm(YES, NO, 1, w, h, 0, scratch);
    backend.gemm(NO, NO, -1, w, scratch, 1, h);
  }

  private static void requireTall(String what, long d, long z) {
    if (z < 1 || d < z) {
      throw new ShapeMismatch(what + ": a frame needs from 1 to d columns of d numbers, got " + z + " of " + d);
    }
  }
}
