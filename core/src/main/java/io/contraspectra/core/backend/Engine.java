package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Memory;
import org.jspecify.annotations.Nullable;

/**
 * What a device implements: raw operations on operands that {@link Backend} has already checked. Operands lie in
 * {@link #space()}, have one element type, fitting shapes and no forbidden overlap, and are held for the length of the
 * call. Semantics stand on the methods of {@code Backend} of the same name. Matrices may be empty, may have gaps
 * between rows, and may start at any element.
 */
public interface Engine extends AutoCloseable {

  /** Short name, e.g. {@code cpu}. */
  String name();

  /** One line for people: library, kernels, threads. */
  String describe();

  /** Address space that this engine can reach, see {@link Memory#space()}. */
  String space();

  /** Zero-filled memory, aligned to 64 bytes. */
  Memory allocate(long bytes);

  /** Memory for a short time, with whatever it holds and perhaps larger than asked for, aligned to 64 bytes. */
  default Memory scratch(long bytes) {
    return allocate(bytes);
  }

  /** Bytes that {@link #allocate} can give now, what operations take for themselves left aside. */
  default long available() {
    return Long.MAX_VALUE;
  }

  /** Tiles that run at once for one caller of {@link #tiles}, at least 1. */
  int concurrency();

  /** Runs tiles 0 to {@code count - 1}, in parallel where that pays; the first failure is thrown after all stopped. */
  void tiles(long count, long workspaceBytes, TileTask task);

  void gemm(Transpose ta, Transpose tb, double alpha, Matrix a, Matrix b, double beta, Matrix c);

  void syrk(Triangle triangle, Transpose ta, double alpha, Matrix a, double beta, Matrix c);

  void groupedGemm(int repeat, Transpose tb, double alpha, Matrix a, Matrix b, double beta, Matrix c);

  /** {@code C = op(A) B + beta C}; A is expected to hold zeros and ones. */
  default void bitGemm(Transpose ta, Matrix a, Matrix b, double beta, Matrix c) {
    gemm(ta, Transpose.NO, 1, a, b, beta, c);
  }

  /** Engines that know no faster way multiply. */
  default void maskedGemm(Matrix v, Matrix a, Matrix b, Matrix c) {
    gemm(Transpose.NO, Transpose.YES, 1, a, b, 0, c);
  }

  /** Engines that know no faster way multiply. */
  default void maskedSyrk(Matrix v, Matrix a, Matrix c) {
    syrk(Triangle.UPPER, Transpose.NO, 1, a, 0, c);
  }

  void faceSplitGram(Matrix f, Matrix g, Matrix h, Matrix w, @Nullable Matrix e, Matrix c);

  void mirror(Triangle from, Matrix c);

  void eigh(Matrix a, Matrix values);

  void eighRange(Matrix a, long first, Matrix values, Matrix vectors);

  void svd(Matrix a, Matrix u, Matrix values, Matrix v);

  void qr(Matrix a, Matrix r);

  void lq(Matrix a, Matrix l);

  /** Returns the order of the smallest leading minor that is not positive, or 0 if there is none. */
  long cholesky(Matrix a);

  void solveTriangular(Side side, Triangle triangle, Transpose tt, double alpha, Matrix t, Matrix b);

  /** Copies between equal shapes, converting the element type where it differs. */
  void copy(Matrix x, Matrix y);

  void transpose(Matrix x, Matrix y);

  void fill(double value, Matrix y);

  void shift(double value, Matrix y);

  void add(double alpha, Matrix x, double beta, Matrix y);

  void map(UnaryFunction function, Matrix x, Matrix y);

  void multiply(Matrix x, Matrix y, Matrix z);

  void multiplyMapped(UnaryFunction function, Matrix x, Matrix y);

  void addRow(double alpha, Matrix row, Matrix y);

  void multiplyRow(Matrix row, Matrix x, Matrix y);

  void multiplyColumn(Matrix column, Matrix x, Matrix y);

  void multiplyRepeated(Matrix g, Matrix b, int repeat);

  void faceSplit(double alpha, Matrix g, Matrix w, Matrix b);

  void outerRows(double alpha, Matrix b, Matrix a, int repeat, Matrix y);

  void addHadamard(Matrix f, Matrix b, int repeat, Matrix c);

  void addKroneckerIdentity(Matrix f, int repeat, Matrix c);

  void shiftDiagonal(double value, Matrix y);

  void softmaxRows(Matrix x, Matrix logSumExp);

  double sum(Matrix x);

  double dot(Matrix x, Matrix y);

  double sumSquaredDifferences(Matrix x, Matrix y);

  double maxAbs(Matrix x);

  /** Row-major index ({@code row * cols + col}) of the first NaN or infinity, or -1. */
  long firstNonFinite(Matrix x);

  void rowDots(Matrix x, Matrix y, Matrix column);

  void columnSums(double alpha, Matrix x, double beta, Matrix row);

  @Override
  void close();
}
