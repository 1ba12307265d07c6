package io.contraspectra.core.backend.cpu;

import static io.contraspectra.bindings.openblas.Transpose.NO_TRANSPOSE;
import static io.contraspectra.bindings.openblas.Transpose.TRANSPOSE;

import io.contraspectra.bindings.openblas.Cblas;
import io.contraspectra.bindings.openblas.LapackeTridiagonal;
import io.contraspectra.bindings.openblas.Precision;
import io.contraspectra.bindings.openblas.Transpose;
import java.lang.foreign.MemorySegment;

/**
 * The product Q = H_1 … H_{n−1} of Householder reflections that a tridiagonal reduction leaves behind, applied to
 * vectors that are rows: 96 reflections at a time as {@code I − V T Vᵀ}, to strips of rows side by side, each on one
 * thread. LAPACK's {@code ormtr} takes 32 at a time, and its threads wait for each other after every product.
 */
final class Reflections {

  private static final int PANEL = 96;
  private static final int STRIP = 256;
  private static final Scratch SCRATCH = new Scratch(0);

  private final Products products;
  private final Precision precision;
  private final int bytes;
  private final int n;
  private final MemorySegment vectors;
  private final MemorySegment factors;

  /** Reflections of n coordinates in scratch memory of {@link #vectors} and {@link #factors} elements. */
  Reflections(Products products, Elements elements, int n, MemorySegment vectors, MemorySegment factors) {
    this.products = products;
    this.precision = elements == Elements.DOUBLE ? Precision.DOUBLE : Precision.SINGLE;
    this.bytes = elements.bytes();
    this.n = n;
    this.vectors = vectors;
    this.factors = factors;
  }

  static long vectors(long n) {
    return n * n;
  }

  static long factors(long n) {
    return Math.ceilDiv(n, PANEL) * PANEL * PANEL;
  }

  /** Strips that rows are cut into: an even number, for threads often come in twos. */
  static int strips(int n) {
    return 2 * Math.ceilDiv(n, 2 * STRIP);
  }

  /** Where a strip begins. */
  static int strip(int n, long index) {
    return (int) (index * n / strips(n));
  }

  /** Takes the vectors out of row i of A, from column i + 2 on. */
  void read(MemorySegment a, long ld, MemorySegment tau) {
    products.parts(panels(), index -> read(a, ld, tau, index));
  }

  /** Overwrites the rows of one strip of Z by their images; called for all strips, on any threads. */
  void apply(MemorySegment z, long ld, long strip) {
    int from = strip(n, strip);
    int rows = strip(n, strip + 1) - from;
    long half = (long) PANEL * rows * bytes;
    MemorySegment scratch = SCRATCH.get(2 * half);
    for (int panel = panels() - 1; panel >= 0; panel--) {
      MemorySegment part = z.asSlice((from * ld + panel * PANEL + 1) * bytes);
      apply(panel, part, ld, rows, scratch.asSlice(0, half), scratch.asSlice(half, half));
    }
  }

  private void apply(int panel, MemorySegment z, long ld, int rows, MemorySegment x, MemorySegment y) {
    int k = height(panel);
    int m = length(panel);
    MemorySegment v = panel(panel);
    gemm(NO_TRANSPOSE, TRANSPOSE, k, rows, m, 1, v, m, z, ld, 0, x, rows);
    // Column-major and upper triangular, T is its transpose here.
    gemm(TRANSPOSE, NO_TRANSPOSE, k, rows, k, 1, factor(panel), PANEL, x, rows, 0, y, rows);
    gemm(TRANSPOSE, NO_TRANSPOSE, rows, m, k, -1, y, rows, v, m, 1, z, ld);
  }

  private void read(MemorySegment a, long ld, MemorySegment tau, long index) {
    int first = (int) index * PANEL;
    int k = height(index);
    long m = length(index);
    MemorySegment panel = panel(index);
    for (int row = 0; row < k; row++) {
      MemorySegment v = panel.asSlice(row * m * bytes, m * bytes);
      v.asSlice(0, (long) row * bytes).fill((byte) 0);
      one(v, row);
      long start = ((first + row) * ld + first + row + 2) * bytes;
      MemorySegment.copy(a, start, v, (row + 1L) * bytes, (m - row - 1) * bytes);
    }
    MemorySegment factor = factor(index);
    factor.fill((byte) 0);
    LapackeTridiagonal.larft(precision, m, k, panel, m, tau.asSlice((long) first * bytes), factor, PANEL);
  }

  private void one(MemorySegment v, int index) {
    (precision == Precision.DOUBLE ? Elements.DOUBLE : Elements.SINGLE).set(v, (long) index * bytes, 1);
  }

  private void gemm(Transpose ta, Transpose tb, long rows, long cols, long inner, double alpha, MemorySegment a,
      long lda, MemorySegment b, long ldb, double beta, MemorySegment c, long ldc) {
    switch (precision) {
      case DOUBLE -> Cblas.dgemm(ta, tb, rows, cols, inner, alpha, a, lda, b, ldb, beta, c, ldc);
      case SINGLE ->
          Cblas.sgemm(ta, tb, rows, cols, inner, (float) alpha, a, lda, b, ldb, (float) beta, c, ldc);
    }
  }

  private int panels() {
    return Math.ceilDiv(n - 1, PANEL);
  }

  private int height(long panel) {
    return (int) Math.min(PANEL, n - 1 - panel * PANEL);
  }

  private int length(long panel) {
    return (int) (n - 1 - panel * PANEL);
  }

  private MemorySegment panel(long index) {
    return vectors.asSlice(index * PANEL * n * bytes, (long) height(index) * length(index) * bytes);
  }

  private MemorySegment factor(long index) {
    return factors.asSlice(index * PANEL * PANEL * bytes, (long) PANEL * PANEL * bytes);
  }
}
