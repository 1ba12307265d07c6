package io.contraspectra.core.backend.cpu;

import io.contraspectra.bindings.openblas.LapackeTridiagonal;
import io.contraspectra.bindings.openblas.Precision;
import io.contraspectra.bindings.openblas.Triangle;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * All eigenpairs of a large symmetric matrix by the steps of LAPACK's {@code syevd}: reduction to tridiagonal form,
 * divide and conquer, reflections of the vectors. The first is LAPACK's own; in the others threads work on parts of
 * their own (see {@link DivideAndConquer}, {@link Reflections}) where {@code syevd} has them share every small product.
 */
final class LargeEigen {

  /** Below this {@code syevd} is not slower. */
  private static final long SMALLEST = 400;
  /** Above this LAPACK's own count of its workspace outgrows 32 bits. */
  private static final long LARGEST = 32_766;

  private final Products products;
  private final Elements elements;
  private final Precision precision;
  private final int n;
  private final long ld;
  private final MemorySegment memory;

  private LargeEigen(Products products, Matrix a) {
    this.products = products;
    this.elements = Elements.of(a.dtype());
    this.precision = Products.precision(a.dtype());
    this.n = Math.toIntExact(a.rows());
    this.ld = Products.ld(a);
    this.memory = HostMatrix.of(a).fromStart();
  }

  /** Whether it is the way to decompose a matrix of n rows. */
  static boolean suits(long n) {
    return n >= SMALLEST && n <= LARGEST;
  }

  /** Whether products of so large entries keep their digits; LAPACK scales other matrices. */
  static boolean suits(DType dtype, double largest) {
    double root = switch (dtype) {
      case F64 -> 0x1p-480;
      case F32 -> 0x1p-50;
    };
    return largest == 0 || largest >= root && largest <= 1 / root;
  }

  /** As {@code Engine.eigh}, of a matrix with both triangles. */
  static void all(Products products, Matrix a, Matrix values) {
    new LargeEigen(products, a).into(values);
  }

  private void into(Matrix values) {
    long bytes = elements.bytes();
    long reduction = LapackeTridiagonal.sytrdWorkspace(precision, n);
    try (var scratch = new LapackWorkspace(n * bytes, n * bytes, n * bytes, Reflections.vectors(n) * bytes,
        Reflections.factors(n) * bytes, Math.max(reduction, DivideAndConquer.work(n)) * bytes,
        DivideAndConquer.integers(n))) {
      MemorySegment d = scratch.part(0);
      MemorySegment e = scratch.part(1);
      MemorySegment tau = scratch.part(2);
      MemorySegment work = scratch.part(5);
      // Row-major upper is column-major lower, whose products with vectors OpenBLAS does faster.
      products.lapack(4.0 / 3 * n * n * n,
          () -> LapackeTridiagonal.sytrd(precision, Triangle.LOWER, n, memory, ld, d, e, tau, work));
      var reflections = new Reflections(products, elements, n, scratch.part(3), scratch.part(4));
      reflections.read(memory, ld, tau);
      MemorySegment order =
          new DivideAndConquer(products, elements, n, d, e, memory, ld, work, scratch.part(6)).solve();
      finish(sorted(order, d), d, work, reflections, HostMatrix.of(values));
    }
  }

  /** Places from 0 in ascending order of d; merges order them up to rounding, so few change places. */
  private int[] sorted(MemorySegment order, MemorySegment d) {
    var places = new int[n];
    var values = new double[n];
    for (int i = 0; i < n; i++) {
      int place = order.getAtIndex(ValueLayout.JAVA_INT, i) - 1;
      double value = elements.get(d, (long) place * elements.bytes());
      int at = i;
      for (; at > 0 && values[at - 1] > value; at--) {
        values[at] = values[at - 1];
        places[at] = places[at - 1];
      }
      values[at] = value;
      places[at] = place;
    }
    return places;
  }

  private void finish(int[] order, MemorySegment d, MemorySegment work, Reflections reflections, HostMatrix values) {
    long bytes = elements.bytes();
    products.parts(Reflections.strips(n), strip -> {
      for (int i = Reflections.strip(n, strip); i < Reflections.strip(n, strip + 1); i++) {
        MemorySegment.copy(memory, i * ld * bytes, work, i * n * bytes, n * bytes);
      }
    });
    products.parts(Reflections.strips(n), strip -> {
      for (int i = Reflections.strip(n, strip); i < Reflections.strip(n, strip + 1); i++) {
        long from = order[i];
        values.set(0, i, elements.get(d, from * bytes));
        MemorySegment.copy(work, from * n * bytes, memory, i * ld * bytes, n * bytes);
      }
      reflections.apply(memory, ld, strip);
    });
  }
}
