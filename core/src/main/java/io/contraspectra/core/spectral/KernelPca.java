package io.contraspectra.core.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.EigenOptions;
import io.contraspectra.core.operator.Operators;
import io.contraspectra.core.operator.SymmetricOperator;
import java.util.OptionalDouble;

/**
 * Kernel PCA (Schölkopf, Smola and Müller 1998): {@code Z = E diag(sqrt(theta₊))} from the top eigenpairs of the
 * centred kernel HKH. Any symmetric operator may be the kernel: {@link GaussianKernel}, a matrix, the neural tangent
 * kernel of a network as a matrix or an operator. It minimises {@code ‖Z Zᵀ − HKH‖²}.
 */
public final class KernelPca {

  private static final String NAME = "kernel pca";

  private KernelPca() {}

  /**
   * The leading components of a kernel.
   *
   * @param kernel K of the N samples; not centred. Stays the caller's
   * @param k number of dimensions, at most N − 1
   * @return eigenvalues theta of HKH descending
   */
  public static Embedding embedding(SymmetricOperator kernel, int k) {
    return embedding(kernel, k, EigenOptions.DEFAULTS);
  }

  /**
   * The leading components of a kernel.
   *
   * @param options of the eigensolver: tolerance, memory, progress
   */
  public static Embedding embedding(SymmetricOperator kernel, int k, EigenOptions options) {
    int n = Math.toIntExact(kernel.size());
    Requirements.dimensions(NAME, k, n - 1L, "a centred kernel of " + n + " samples has no more");
    return factorisation(kernel, k, options);
  }

  /**
   * The leading components of a kernel matrix.
   *
   * @param gram N x N, symmetric, not centred
   */
  public static Embedding embedding(Backend backend, Matrix gram, int k) {
    if (gram.rows() != gram.cols()) {
      throw new InvalidArgument(NAME + ": " + gram.describe("the kernel matrix") + " must be square: one row and one"
          + " column a sample");
    }
    return embedding(Operators.explicit(backend, gram), k);
  }

  /** {@code Z Zᵀ} closest to HAH. */
  static Embedding factorisation(SymmetricOperator a, int k, EigenOptions options) {
    Modes modes = Modes.largestCentred(a, k, options);
    double scale = Math.abs(modes.values()[0]);
    double[] gains = Factorisation.positiveParts(modes.values());
    return Factorisation.embedding(a.backend(), modes, gains, scale, OptionalDouble.empty(), new Findings());
  }
}
