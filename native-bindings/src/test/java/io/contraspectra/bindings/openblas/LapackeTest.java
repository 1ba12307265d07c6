package io.contraspectra.bindings.openblas;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Eigenvalues of the second difference matrix (2 on the diagonal, -1 beside it) are 2 - 2 cos(πj / (n + 1)). Only one
 * triangle is filled in; the other holds NaN, which a routine that reads it would show.
 */
class LapackeTest {
  private static final int LD_PADDING = 3;

  @ParameterizedTest
  @CsvSource({"1, UPPER", "2, LOWER", "40, UPPER", "40, LOWER", "130, UPPER"})
  void eigenpairsInDoublePrecision(int n, Triangle triangle) {
    int ld = n + LD_PADDING;
    try (var arena = Arena.ofConfined()) {
      var a = arena.allocate(JAVA_DOUBLE, (long) n * ld);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          a.setAtIndex(JAVA_DOUBLE, columnMajor(i, j, ld), entry(triangle, i, j));
        }
      }
      var w = arena.allocate(JAVA_DOUBLE, n);
      var size = Lapacke.dsyevdWorkspace(EigenJob.VECTORS, n);
      int info = Lapacke.dsyevd(EigenJob.VECTORS, triangle, n, a, ld, w,
          arena.allocate(8 * size.work(), 8), arena.allocate(4 * size.iwork(), 4));
      assertEquals(0, info);
      for (int j = 0; j < n; j++) {
        double value = w.getAtIndex(JAVA_DOUBLE, j);
        assertEquals(eigenvalue(j, n), value, 1e-13);
        assertTrue(residual(a, ld, n, j, value) < 1e-13);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(EigenJob.class)
  void eigenvaluesInSinglePrecision(EigenJob job) {
    int n = 70;
    try (var arena = Arena.ofConfined()) {
      var a = arena.allocate(JAVA_FLOAT, (long) n * n);
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          a.setAtIndex(JAVA_FLOAT, columnMajor(i, j, n), (float) entry(Triangle.LOWER, i, j));
        }
      }
      var w = arena.allocate(JAVA_FLOAT, n);
      var size = Lapacke.ssyevdWorkspace(job, n);
      assertEquals(0, Lapacke.ssyevd(job, Triangle.LOWER, n, a, n, w,
          arena.allocate(4 * size.work(), 4), arena.allocate(4 * size.iwork(), 4)));
      for (int j = 0; j < n; j++) {
        assertEquals(eigenvalue(j, n), w.getAtIndex(JAVA_FLOAT, j), 1e-5);
      }
    }
  }

  @Test
  void rowMajorUpperIsColumnMajorLower() {
    try (var arena = Arena.ofConfined()) {
      var a = arena.allocateFrom(JAVA_DOUBLE, 2, 1, Double.NaN, 2); // rows (2, 1) and (unread, 2)
      var w = arena.allocate(JAVA_DOUBLE, 2);
      var size = Lapacke.dsyevdWorkspace(EigenJob.VALUES, 2);
      assertEquals(0, Lapacke.dsyevd(EigenJob.VALUES, Triangle.UPPER.transposed(), 2, a, 2, w,
          arena.allocate(8 * size.work(), 8), arena.allocate(4 * size.iwork(), 4)));
      assertEquals(1, w.getAtIndex(JAVA_DOUBLE, 0), 1e-15);
      assertEquals(3, w.getAtIndex(JAVA_DOUBLE, 1), 1e-15);
    }
  }

  @Test
  void emptyMatrixHasNoEigenvalues() {
    try (var arena = Arena.ofConfined()) {
      assertEquals(0, Lapacke.dsyevd(EigenJob.VECTORS, Triangle.UPPER, 0, MemorySegment.NULL, 1, MemorySegment.NULL,
          arena.allocate(8, 8), arena.allocate(4, 4)));
    }
  }

  private static double entry(Triangle filled, int i, int j) {
    boolean inside = filled == Triangle.UPPER ? i <= j : i >= j;
    return !inside ? Double.NaN : i == j ? 2 : Math.abs(i - j) == 1 ? -1 : 0;
  }

  private static double eigenvalue(int j, int n) {
    return 2 - 2 * Math.cos(Math.PI * (j + 1) / (n + 1));
  }

  /** The largest entry of A v - λ v, for the second difference matrix A and column j of the eigenvectors. */
  private static double residual(MemorySegment vectors, int ld, int n, int j, double value) {
    double worst = 0;
    for (int i = 0; i < n; i++) {
      double left = i == 0 ? 0 : vectors.getAtIndex(JAVA_DOUBLE, columnMajor(i - 1, j, ld));
      double here = vectors.getAtIndex(JAVA_DOUBLE, columnMajor(i, j, ld));
      double right = i == n - 1 ? 0 : vectors.getAtIndex(JAVA_DOUBLE, columnMajor(i + 1, j, ld));
      worst = Math.max(worst, Math.abs(2 * here - left - right - value * here));
    }
    return worst;
  }

  private static long columnMajor(int i, int j, int ld) {
    return (long) j * ld + i;
  }
}
