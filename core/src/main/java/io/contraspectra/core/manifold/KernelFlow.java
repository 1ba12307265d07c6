package io.contraspectra.core.manifold;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * The exact flow of the features' orthonormal readout {@code f = Wᵀφ}, known by kernels alone (grassmann.md 6): the
 * Gram K = ΦΦᵀ of the N training points, the symmetric S with {@code A = ΦᵀSΦ}, and the outputs F0 = ΦW0 at the start.
 *
 * <p>With {@code K = QQᵀ}, {@code QᵀSQ = VΛVᵀ} and {@code a0 = Q⁺F0}, the r + z coordinates
 * {@code [Vᵀa0; R]}, {@code RᵀR = I − a0ᵀa0}, follow the flow with {@code A = diag(Λ, 0)}: the last z stand for what W0
 * has outside the span of the training features.
 *
 * <p>One thread, one flow; close it.
 */
public final class KernelFlow implements AutoCloseable {

  /** Eigenvalues of K below this fraction of the largest are rounding. */
  private static final double RANK = 1e-13;

  /** Eigenvalues of I − a0ᵀa0 below this are rounding, which the division by √w has enlarged. */
  private static final double OUTSIDE = 1e-10;

  private final Owned owned = new Owned();
  private final Backend backend;
  /** Qᵀ and (Q⁺), r x N. */
  private final Matrix factor;
  private final Matrix inverseFactor;
  private final EigenPairs inside;
  private final Matrix start;
  private final Matrix outsideRootInverse;
  private final DiagonalFlow flow;
  private final Matrix outputs;

  /**
   * Starts at time 0.
   *
   * @param k N x N, symmetric positive semi-definite
   * @param s N x N, symmetric: {@code S0 + S0ᵀ} with S0 = 1/n in block (x, x⁺), −1/n in block (x, x⁻)
   * @param f0 N x z, outputs of an orthonormal readout
   */
  public KernelFlow(Backend backend, Matrix k, Matrix s, Matrix f0) {
    requireShapes(k, s, f0);
    this.backend = backend;
    try {
      try (EigenPairs gram = Eigensolver.full(backend, k)) {
        double[] w = rank(gram);
        this.factor = owned.matrix(scaledRows(gram.vectors(), w, Math::sqrt));
        this.inverseFactor = owned.matrix(scaledRows(gram.vectors(), w, value -> 1 / Math.sqrt(value)));
      }
      this.inside = owned.pairs(insideEigenPairs(s));
      this.start = owned.matrix(backend.zeros(k.dtype(), factor.rows(), f0.cols()));
      backend.gemm(NO, NO, 1, inverseFactor, f0, 0, start);
      this.outsideRootInverse = owned.matrix(backend.zeros(k.dtype(), f0.cols(), f0.cols()));
      this.flow = owned.flow(coordinates());
      this.outputs = owned.matrix(backend.copyOf(f0, f0.dtype()));
    } catch (RuntimeException | Error e) {
      owned.close();
      throw e;
    }
  }

  /** The flow of {@code [Vᵀa0; R]}. */
  private DiagonalFlow coordinates() {
    long r = start.rows();
    long z = start.cols();
    try (Matrix state = backend.zeros(start.dtype(), r + z, z)) {
      backend.gemm(NO, NO, 1, inside.vectors(), start, 0, state.rowRange(0, r));
      outside(state.rowRange(r, z));
      return new DiagonalFlow(backend, Arrays.copyOf(inside.values().toArray(), (int) (r + z)), state);
    }
  }

  private static void requireShapes(Matrix k, Matrix s, Matrix f0) {
    long n = k.rows();
    if (k.cols() != n || s.rows() != n || s.cols() != n || f0.rows() != n || f0.cols() == 0) {
      throw new ShapeMismatch("kernel flow: " + k.describe("K") + ", " + s.describe("S") + " and " + f0.describe("F0")
          + " must be N x N, N x N and N x z");
    }
  }

  private static double[] rank(EigenPairs gram) {
    double[] w = gram.values().toArray();
    if (w.length == 0 || !(w[0] > 0)) {
      throw new InvalidArgument("kernel flow: K has no positive eigenvalue; give the Gram of features that are not 0");
    }
    if (w[w.length - 1] < -1e-8 * w[0]) {
      throw new InvalidArgument("kernel flow: K has the negative eigenvalue " + w[w.length - 1]
          + "; a Gram matrix is positive semi-definite");
    }
    return Arrays.stream(w).takeWhile(value -> value > RANK * w[0]).toArray();
  }

  private Matrix scaledRows(Matrix vectors, double[] w, DoubleUnaryOperator scale) {
    Matrix rows = backend.copyOf(vectors.rowRange(0, w.length), vectors.dtype());
    try (Matrix column = backend.zeros(vectors.dtype(), w.length, 1)) {
      column.copyFrom(Arrays.stream(w).map(scale).toArray());
      backend.multiplyColumn(column, rows, rows);
      return rows;
    }
  }

  private EigenPairs insideEigenPairs(Matrix s) {
    try (Matrix half = backend.zeros(s.dtype(), factor.rows(), s.cols());
        Matrix b = backend.zeros(s.dtype(), factor.rows(), factor.rows())) {
      backend.gemm(NO, NO, 1, factor, s, 0, half);
      backend.gemm(NO, YES, 1, half, factor, 0, b);
      return Eigensolver.full(backend, b);
    }
  }

  /** R into {@code root}, and its pseudo-inverse into {@link #outsideRootInverse}. */
  private void outside(Matrix root) {
    long z = root.rows();
    try (Matrix rest = backend.zeros(root.dtype(), z, z)) {
      backend.gemm(YES, NO, -1, start, start, 0, rest);
      backend.shiftDiagonal(1, rest);
      try (EigenPairs pairs = Eigensolver.full(backend, rest)) {
        double[] values = pairs.values().toArray();
        if (values[values.length - 1] < -1e-6) {
          throw new InvalidArgument("kernel flow: F0ᵀK⁺F0 has an eigenvalue above 1, so F0 comes from no orthonormal"
              + " readout; orthonormalise W0 first");
        }
        function(pairs, value -> Math.sqrt(Math.max(0, value)), root);
        function(pairs, value -> value > OUTSIDE ? 1 / Math.sqrt(value) : 0, outsideRootInverse);
      }
    }
  }

  /** {@code Y = Vᵀ f(Λ) V} of eigenpairs with the rows V. */
  private void function(EigenPairs pairs, DoubleUnaryOperator f, Matrix y) {
    try (Matrix scaled = scaledRows(pairs.vectors(), pairs.values().toArray(), f)) {
      backend.gemm(YES, NO, 1, pairs.vectors(), scaled, 0, y);
    }
  }

  /** The time that was reached last. */
  public double time() {
    return flow.time();
  }

  /** Flows on to a finite time, not before {@link #time()}. */
  public void advanceTo(double time) {
    flow.advanceTo(time);
    try (Matrix coefficients = coefficients()) {
      backend.gemm(YES, NO, 1, factor, coefficients, 0, outputs);
    }
  }

  /** F(t), N x z: the outputs at the training points; a view that later advances change. */
  public Matrix outputs() {
    return outputs;
  }

  /**
   * Outputs at other points at {@link #time()}.
   *
   * @param kernel N x m: the kernel between training points and new points
   * @param atStart m x z: what the readout W0 gave at the new points
   * @return m x z, to be closed by the caller
   */
  public Matrix predict(Matrix kernel, Matrix atStart) {
    if (kernel.rows() != factor.cols() || atStart.rows() != kernel.cols() || atStart.cols() != outputs.cols()) {
      throw new ShapeMismatch("kernel flow: " + kernel.describe("the kernel with new points") + " and "
          + atStart.describe("their first outputs") + " must be N x m and m x z with " + outputs.describe("F0"));
    }
    long z = outputs.cols();
    Matrix prediction = backend.zeros(kernel.dtype(), kernel.cols(), z);
    try (Matrix embedded = backend.zeros(kernel.dtype(), factor.rows(), kernel.cols());
        Matrix coefficients = coefficients();
        Matrix rest = backend.copyOf(atStart, atStart.dtype());
        Matrix turn = backend.zeros(kernel.dtype(), z, z)) {
      backend.gemm(NO, NO, 1, inverseFactor, kernel, 0, embedded);
      backend.gemm(YES, NO, 1, embedded, coefficients, 0, prediction);
      backend.gemm(YES, NO, -1, embedded, start, 1, rest);
      backend.gemm(NO, NO, 1, outsideRootInverse, flow.state().rowRange(factor.rows(), z), 0, turn);
      backend.gemm(NO, NO, 1, rest, turn, 1, prediction);
      return prediction;
    }
  }

  /** V b(t), r x z: the readout in the basis of the training features. */
  private Matrix coefficients() {
    Matrix coefficients = backend.zeros(start.dtype(), start.rows(), start.cols());
    backend.gemm(YES, NO, 1, inside.vectors(), flow.state().rowRange(0, start.rows()), 0, coefficients);
    return coefficients;
  }

  @Override
  public void close() {
    owned.close();
  }
}
