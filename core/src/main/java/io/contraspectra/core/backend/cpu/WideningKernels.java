package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.backend.UnaryFunction;
import java.lang.foreign.MemorySegment;

/**
 * Vector kernels on floats. What more than one rounding would make of single precision goes through doubles: widens
 * pieces that stay in the first-level cache, has the kernels on doubles do the arithmetic, and rounds the result.
 */
final class WideningKernels implements RowKernels {

  private static final long PIECE = 1024;
  private static final long BUFFER = PIECE * Double.BYTES;
  private static final Scratch BUFFERS = new Scratch(2 * BUFFER);

  // Where the two operands' pieces start.
  private static final long A = 0;
  private static final long B = BUFFER;

  private final RowKernels doubles;

  WideningKernels(RowKernels doubles) {
    this.doubles = doubles;
  }

  @Override
  public void fill(double value, MemorySegment y, long yAt, long n) {
    SingleKernels.fill((float) value, y, yAt, n);
  }

  @Override
  public void shift(double value, MemorySegment y, long yAt, long n) {
    forEachPiece(n, (t, at, m) -> {
      widen(y, yAt + at, t, A, m);
      doubles.shift(value, t, A, m);
      narrow(t, A, y, yAt + at, m);
    });
  }

  @Override
  public void scale(double alpha, MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    if ((float) alpha == alpha) {
      SingleKernels.scale((float) alpha, x, xAt, y, yAt, n);
      return;
    }
    forEachPiece(n, (t, at, m) -> {
      widen(x, xAt + at, t, A, m);
      doubles.scale(alpha, t, A, t, A, m);
      narrow(t, A, y, yAt + at, m);
    });
  }

  // Rows may be short, and then a detour through buffers would take longer than the arithmetic.
  @Override
  public void outer(double alpha, MemorySegment b, long bAt, long m, MemorySegment a, long aAt, long n,
      MemorySegment y, long yAt) {
    if (alpha == 1 && n > 0 && SingleKernels.isWhole(n)) {
      SingleKernels.outerVectors(b, bAt, m, a, aAt, n, y, yAt);
      return;
    }
    VectorKernels.outerFloats(alpha, b, bAt, m, a, aAt, n, y, yAt);
  }

  @Override
  public void add(double alpha, MemorySegment x, long xAt, double beta, MemorySegment y, long yAt, long n) {
    forEachPiece(n, (t, at, m) -> {
      widen(x, xAt + at, t, A, m);
      widen(y, yAt + at, t, B, m);
      doubles.add(alpha, t, A, beta, t, B, m);
      narrow(t, B, y, yAt + at, m);
    });
  }

  @Override
  public void multiply(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, long n) {
    SingleKernels.multiply(x, xAt, y, yAt, z, zAt, n);
  }

  @Override
  public void multiplyAdd(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, long n) {
    SingleKernels.multiplyAdd(x, xAt, y, yAt, z, zAt, n);
  }

  @Override
  public boolean map(UnaryFunction f, MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    if (f == UnaryFunction.EXP) {
      SingleExponential.exponentials(0, x, xAt, y, yAt, n);
      return true;
    }
    return SingleKernels.map(f, x, xAt, y, yAt, n);
  }

  @Override
  public boolean multiplyMapped(UnaryFunction f, MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    if (f == UnaryFunction.STEP) {
      SingleKernels.multiplyStep(x, xAt, y, yAt, n);
    }
    return f == UnaryFunction.STEP;
  }

  @Override
  public void repeat(MemorySegment x, long xAt, int times, MemorySegment y, long yAt, long n) {
    SingleKernels.repeat(x, xAt, times, y, yAt, n);
  }

  @Override
  public double exponentials(double shift, MemorySegment x, long at, long n) {
    return SingleExponential.exponentials((float) shift, x, at, x, at, n);
  }

  @Override
  public void widen(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    VectorKernels.floatsToDoubles(x, xAt, y, yAt, n);
  }

  @Override
  public void narrow(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    VectorKernels.doublesToFloats(x, xAt, y, yAt, n);
  }

  @Override
  public double sum(MemorySegment x, long xAt, long n) {
    return total(n, (t, at, m) -> {
      widen(x, xAt + at, t, A, m);
      return doubles.sum(t, A, m);
    });
  }

  @Override
  public double dot(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    return total(n, (t, at, m) -> {
      widen(x, xAt + at, t, A, m);
      widen(y, yAt + at, t, B, m);
      return doubles.dot(t, A, t, B, m);
    });
  }

  @Override
  public double sumSquaredDifferences(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    return total(n, (t, at, m) -> {
      widen(x, xAt + at, t, A, m);
      widen(y, yAt + at, t, B, m);
      return doubles.sumSquaredDifferences(t, A, t, B, m);
    });
  }

  @Override
  public double max(MemorySegment x, long xAt, long n) {
    return SingleKernels.max(x, xAt, n);
  }

  @Override
  public double maxAbs(MemorySegment x, long xAt, long n) {
    return SingleKernels.maxAbs(x, xAt, n);
  }

  /**
   * What happens to {@code m} elements, {@code at} bytes after the start of the run, with two buffers in {@code t}.
   */
  private interface Piece {
    void run(MemorySegment t, long at, long m);
  }

  private static void forEachPiece(long n, Piece piece) {
    MemorySegment t = BUFFERS.get();
    for (long done = 0; done < n; done += PIECE) {
      piece.run(t, done * Float.BYTES, Math.min(PIECE, n - done));
    }
  }

  /** What {@code m} elements, {@code at} bytes after the start of the run, contribute to a reduction. */
  private interface Term {
    double of(MemorySegment t, long at, long m);
  }

  private static double total(long n, Term term) {
    MemorySegment t = BUFFERS.get();
    double total = 0;
    for (long done = 0; done < n; done += PIECE) {
      total += term.of(t, done * Float.BYTES, Math.min(PIECE, n - done));
    }
    return total;
  }

  @Override
  public String toString() {
    return doubles.toString();
  }
}
