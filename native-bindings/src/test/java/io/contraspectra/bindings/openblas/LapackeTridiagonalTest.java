package io.contraspectra.bindings.openblas;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The second difference matrix (2 on the diagonal, -1 beside it) has the eigenvalues 2 - 2 cos(πj / (n + 1)): torn in
 * two, solved and merged by hand. And what is refused before LAPACK sees it.
 */
class LapackeTridiagonalTest {
  private static final int N = 61;
  private static final int CUT = 30;

  private final Arena arena = Arena.ofAuto();

  @ParameterizedTest
  @EnumSource
  void halvesMergeToTheWhole(Precision precision) {
    var d = filled(precision, N, 2);
    var e = filled(precision, N - 1, -1);
    set(precision, d, CUT - 1, 1);
    set(precision, d, CUT, 1);
    var z = filled(precision, N * N, 0);
    var work = filled(precision, (int) LapackeTridiagonal.workspace(N), 0);
    var iwork = arena.allocate(JAVA_INT, 3 + 5 * N);
    var order = arena.allocate(JAVA_INT, N);
    for (int from : new int[] {0, CUT}) {
      int rows = from == 0 ? CUT : N - CUT;
      long at = (long) from * precision.bytes;
      assertEquals(0, LapackeTridiagonal.stedc(precision, rows, d.asSlice(at), e.asSlice(at), z.asSlice(at * (N + 1)),
          N, work, iwork));
      for (int i = 0; i < rows; i++) {
        order.setAtIndex(JAVA_INT, from + i, i + 1);
      }
    }
    assertEquals(0, LapackeTridiagonal.laed1(precision, N, d, z, N, order, -1, CUT, work, iwork));
    double tolerance = precision == Precision.DOUBLE ? 1e-14 : 5e-6;
    for (int j = 0; j < N; j++) {
      int column = order.getAtIndex(JAVA_INT, j) - 1;
      double value = get(precision, d, column);
      assertEquals(2 - 2 * Math.cos(Math.PI * (j + 1) / (N + 1)), value, tolerance);
      for (int i = 0; i < N; i++) {
        double image = 2 * get(precision, z, column * N + i) - (i > 0 ? get(precision, z, column * N + i - 1) : 0)
            - (i < N - 1 ? get(precision, z, column * N + i + 1) : 0);
        assertEquals(value * get(precision, z, column * N + i), image, tolerance);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void reflectionsTurnTheMatrixIntoItsTridiagonalForm(Precision precision) {
    int n = 9;
    var a = filled(precision, n * n, 0);
    for (int i = 0; i < n * n; i++) {
      set(precision, a, i, 1.0 / (1 + i / n + i % n));
    }
    var d = filled(precision, n, 0);
    var e = filled(precision, n - 1, 0);
    var tau = filled(precision, n - 1, 0);
    long size = LapackeTridiagonal.sytrdWorkspace(precision, n);
    LapackeTridiagonal.sytrd(precision, Triangle.LOWER, n, a, n, d, e, tau, filled(precision, (int) size, 0));
    double[][] t = tridiagonal(precision, n, d, e);
    var v = filled(precision, (n - 1) * (n - 1), 0);
    for (int k = 0; k < n - 1; k++) {
      for (int i = k; i < n - 1; i++) {
        set(precision, v, k * (n - 1) + i, i == k ? 1 : get(precision, a, k * n + i + 1));
      }
    }
    var factor = filled(precision, (n - 1) * (n - 1), 0);
    LapackeTridiagonal.larft(precision, n - 1, n - 1, v, n - 1, tau, factor, n - 1);
    double[][] q = blocked(precision, n, v, factor);
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        double entry = 0;
        for (int k = 0; k < n; k++) {
          for (int l = Math.max(0, k - 1); l <= Math.min(n - 1, k + 1); l++) {
            entry += q[i][k] * t[k][l] * q[j][l];
          }
        }
        assertEquals(1.0 / (1 + i + j), entry, precision == Precision.DOUBLE ? 1e-15 : 1e-6);
      }
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    var x = arena.allocate(8 * 400, 8);
    refused("dsytrd: d needs 1x3 with leading dimension 3 = 24 bytes, segment has 16", () -> LapackeTridiagonal.sytrd(
        Precision.DOUBLE, Triangle.LOWER, 3, doubles(9), 3, doubles(2), doubles(2), doubles(2), doubles(99)));
    refused("ssytrd: e is written to, and overlaps tau in memory", () -> LapackeTridiagonal.sytrd(
        Precision.SINGLE, Triangle.LOWER, 3, doubles(9), 3, doubles(3), x, x, doubles(99)));
    refused("dstedc: work needs 1x22 with leading dimension 22 = 176 bytes, segment has 168",
        () -> LapackeTridiagonal.stedc(
            Precision.DOUBLE, 3, doubles(3), doubles(2), doubles(9), 3, doubles(21), doubles(18)));
    refused("dlaed1: cut is 2, outside 1..1", () -> LapackeTridiagonal.laed1(
        Precision.DOUBLE, 3, doubles(3), doubles(9), 3, doubles(3), 1, 2, doubles(22), doubles(12)));
    refused("dlaed1: Q is written to, and overlaps work in memory", () -> LapackeTridiagonal.laed1(
        Precision.DOUBLE, 3, doubles(3), x, 3, doubles(3), 1, 1, x, doubles(12)));
    refused("slarft: V is 2x3; it cannot have more columns than rows", () -> LapackeTridiagonal.larft(
        Precision.SINGLE, 2, 3, doubles(6), 2, doubles(3), doubles(9), 3));
    refused("dlarft: T is written to, and overlaps tau in memory", () -> LapackeTridiagonal.larft(
        Precision.DOUBLE, 3, 2, doubles(6), 3, x, x, 2));
  }

  /** {@code diag(1, I − V T Vᵀ)}. */
  private static double[][] blocked(Precision precision, int n, MemorySegment v, MemorySegment factor) {
    int m = n - 1;
    var q = new double[n][n];
    q[0][0] = 1;
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        double entry = i == j ? 1 : 0;
        for (int k = 0; k < m; k++) {
          for (int l = k; l < m; l++) {
            entry -= get(precision, v, k * m + i) * get(precision, factor, l * m + k) * get(precision, v, l * m + j);
          }
        }
        q[i + 1][j + 1] = entry;
      }
    }
    return q;
  }

  private static double[][] tridiagonal(Precision precision, int n, MemorySegment d, MemorySegment e) {
    var t = new double[n][n];
    for (int i = 0; i < n; i++) {
      t[i][i] = get(precision, d, i);
      if (i > 0) {
        t[i][i - 1] = t[i - 1][i] = get(precision, e, i - 1);
      }
    }
    return t;
  }

  private MemorySegment filled(Precision precision, int count, double value) {
    var memory = arena.allocate((long) count * precision.bytes, 8);
    for (int i = 0; i < count; i++) {
      set(precision, memory, i, value);
    }
    return memory;
  }

  private static double get(Precision precision, MemorySegment x, int index) {
    return precision == Precision.DOUBLE ? x.getAtIndex(JAVA_DOUBLE, index) : x.getAtIndex(JAVA_FLOAT, index);
  }

  private static void set(Precision precision, MemorySegment x, int index, double value) {
    switch (precision) {
      case DOUBLE -> x.setAtIndex(JAVA_DOUBLE, index, value);
      case SINGLE -> x.setAtIndex(JAVA_FLOAT, index, (float) value);
    }
  }

  private MemorySegment doubles(int count) {
    return arena.allocate(8L * count, 8);
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
