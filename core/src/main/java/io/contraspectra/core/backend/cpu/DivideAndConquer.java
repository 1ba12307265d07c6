package io.contraspectra.core.backend.cpu;

import io.contraspectra.bindings.openblas.LapackeTridiagonal;
import io.contraspectra.bindings.openblas.Precision;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * All eigenpairs of a symmetric tridiagonal matrix by Cuppen's divide and conquer, as LAPACK's {@code stedc} with
 * another order of work: the matrix is torn into as many parts as threads, which are solved side by side and merged two
 * by two; only the last merge, of whole vectors, shares its products among threads. {@code stedc} itself works through
 * all parts one by one, of which most are too small for two threads.
 */
final class DivideAndConquer {

  private final Products products;
  private final Precision precision;
  private final Elements elements;
  private final int n;
  private final MemorySegment d;
  private final MemorySegment e;
  private final MemorySegment z;
  private final long ld;
  private final MemorySegment work;
  private final MemorySegment integers;
  private final double[] torn;

  /**
   * Takes a problem, which is destroyed.
   *
   * @param d n elements, the diagonal
   * @param e n − 1 elements, beside it
   * @param z n rows of ld elements, for the eigenvectors
   * @param work scratch of {@link #work}
   * @param integers scratch of {@link #integers}
   */
  DivideAndConquer(
      Products products, Elements elements, int n, MemorySegment d, MemorySegment e, MemorySegment z, long ld,
      MemorySegment work, MemorySegment integers) {
    this.products = products;
    this.precision = elements == Elements.DOUBLE ? Precision.DOUBLE : Precision.SINGLE;
    this.elements = elements;
    this.n = n;
    this.d = d;
    this.e = e;
    this.z = z;
    this.ld = ld;
    this.work = work;
    this.integers = integers;
    this.torn = new double[n];
  }

  /** Elements of scratch: what a part of k rows needs, 1 + 4k + k², fits k times n + 5. */
  static long work(long n) {
    return n * (n + 5);
  }

  /** Bytes of scratch for integers: eight for each row, and the order. */
  static long integers(long n) {
    return 9 * n * Integer.BYTES;
  }

  /**
   * Solves it. Row i of Z is then the eigenvector of d_i; the order is that in which the merges leave them.
   *
   * @return the places that sort d, from 1
   */
  MemorySegment solve() {
    int exponent = scale();
    int levels = levels(products.threads());
    for (int level = 0; level < levels; level++) {
      tear(1 << level);
    }
    int parts = 1 << levels;
    products.parts(parts, part -> leaf(bound(part, parts), bound(part + 1, parts)));
    for (int nodes = parts / 2; nodes > 1; nodes /= 2) {
      int count = nodes;
      products.parts(count, node -> merge(bound(2 * node, 2 * count), bound(2 * node + 1, 2 * count),
          bound(2 * node + 2, 2 * count)));
    }
    products.lapack(4.0 / 3 * n * n * n, () -> merge(0, bound(1, 2), n));
    for (int i = 0; i < n; i++) {
      set(d, i, Math.scalb(get(d, i), exponent));
    }
    return order(0, n);
  }

  private static int levels(int threads) {
    int levels = 1;
    while (1 << levels < threads && levels < 3) {
      levels++;
    }
    return levels;
  }

  /** Where part {@code index} of {@code parts} begins; halves are halved, so that every merge finds its two. */
  private int bound(long index, int parts) {
    int from = 0;
    int to = n;
    for (int half = parts / 2; half >= 1 && index < parts; half /= 2) {
      int middle = from + (to - from) / 2;
      if ((index & half) == 0) {
        to = middle;
      } else {
        from = middle;
      }
    }
    return index == parts ? n : from;
  }

  /** Brings the largest entry to 1 or so, by a power of two; deflation compares with entries of unit vectors. */
  private int scale() {
    double largest = 0;
    for (int i = 0; i < n; i++) {
      largest = Math.max(largest, Math.max(Math.abs(get(d, i)), i < n - 1 ? Math.abs(get(e, i)) : 0));
    }
    int exponent = largest > 0 ? Math.getExponent(largest) : 0;
    for (int i = 0; i < n; i++) {
      set(d, i, Math.scalb(get(d, i), -exponent));
      if (i < n - 1) {
        set(e, i, Math.scalb(get(e, i), -exponent));
      }
    }
    return exponent;
  }

  /** Takes a matrix of rank one away at the middle of each of so many parts. */
  private void tear(int parts) {
    for (int part = 0; part < parts; part++) {
      int at = bound(2L * part + 1, 2 * parts);
      double rho = get(e, at - 1);
      torn[at] = rho;
      set(d, at - 1, get(d, at - 1) - Math.abs(rho));
      set(d, at, get(d, at) - Math.abs(rho));
    }
  }

  private void leaf(int from, int to) {
    int rows = to - from;
    int bytes = elements.bytes();
    for (int row = from; row < to; row++) {
      z.asSlice(row * ld * bytes, (long) n * bytes).fill((byte) 0);
    }
    int info = LapackeTridiagonal.stedc(precision, rows, slice(d, from, rows), slice(e, from, rows - 1), block(from), ld,
        scratch(from, rows), integers.asSlice(8L * from * Integer.BYTES, 8L * rows * Integer.BYTES));
    SymmetricEigen.requireDone("eigh: LAPACK's divide and conquer", info);
    MemorySegment order = order(from, rows);
    for (int i = 0; i < rows; i++) {
      order.setAtIndex(ValueLayout.JAVA_INT, i, i + 1);
    }
  }

  private void merge(int from, int cut, int to) {
    int rows = to - from;
    int info = LapackeTridiagonal.laed1(precision, rows, slice(d, from, rows), block(from), ld, order(from, rows),
        torn[cut], cut - from, scratch(from, rows),
        integers.asSlice(8L * from * Integer.BYTES, 8L * rows * Integer.BYTES));
    SymmetricEigen.requireDone("eigh: LAPACK's divide and conquer", info);
  }

  private MemorySegment order(int from, int rows) {
    return integers.asSlice((8L * n + from) * Integer.BYTES, (long) rows * Integer.BYTES);
  }

  private MemorySegment block(int from) {
    return z.asSlice(from * (ld + 1) * elements.bytes());
  }

  private MemorySegment scratch(int from, int rows) {
    return work.asSlice(from * (n + 5L) * elements.bytes(), rows * (n + 5L) * elements.bytes());
  }

  private MemorySegment slice(MemorySegment x, int from, int count) {
    return x.asSlice((long) from * elements.bytes(), (long) count * elements.bytes());
  }

  private double get(MemorySegment x, int index) {
    return elements.get(x, (long) index * elements.bytes());
  }

  private void set(MemorySegment x, int index, double value) {
    elements.set(x, (long) index * elements.bytes(), value);
  }
}
