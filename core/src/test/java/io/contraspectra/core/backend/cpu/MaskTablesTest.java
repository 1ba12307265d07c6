package io.contraspectra.core.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.HostMemory;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Products of masks against sums spelt out, for sizes that fill registers, words and blocks and some that do not. */
class MaskTablesTest {

  private static final float UNTOUCHED = -7;

  private final Random random = new Random(1);

  @BeforeEach
  void needsLongVectors() {
    assumeTrue(KernelSet.VECTOR.strips(DType.F32).isPresent(), "this machine has no vectors of 512 bits");
  }

  @Test
  void products() {
    for (int units : new int[] {1, 5, 16, 29, 30, 31, 64, 100, 450}) {
      check(units, 1, 1, false);
      check(units, 8, 16, false);
      check(units, 19, 37, false);
    }
    check(9000, 100, 20, false);
  }

  @Test
  void upperTriangles() {
    for (int n : new int[] {1, 8, 16, 17, 50, 83}) {
      check(70, n, n, true);
    }
    check(30_000, 60, 60, true);
  }

  @Test
  void anEntryDependsOnItsTwoRowsAlone() {
    try (Matrix v = values(500); Matrix a = masks(v, 40); Matrix all = untouched(40, 40); Matrix one = untouched(1, 1)) {
      into(v, a, a, false, all);
      for (int i = 0; i < 40; i++) {
        into(v, a.rowRange(i, 1), a.rowRange(39 - i, 1), false, one);
        assertEquals(all.get(i, 39 - i), one.get(0, 0));
      }
    }
  }

  @Test
  void otherEntriesAreRefused() {
    try (Matrix v = values(45); Matrix a = masks(v, 9); Matrix b = masks(v, 20); Matrix c = untouched(9, 20)) {
      for (double stranger : new double[] {1e-30, Double.NaN, 2}) {
        double before = a.get(8, 44);
        a.set(8, 44, stranger);
        assertFalse(into(v, a, b, false, c));
        a.set(8, 44, before);
        before = b.get(19, 3);
        b.set(19, 3, stranger);
        assertFalse(into(v, a, b, false, c));
        b.set(19, 3, before);
      }
      assertTrue(Arrays.stream(c.toArray()).allMatch(entry -> entry == UNTOUCHED));
      assertTrue(into(v, a, b, false, c));
    }
  }

  @Test
  void valuesAndEntriesMayBeZeros() {
    try (Matrix v = matrix(1, 3, 0, 2, -3); Matrix a = matrix(2, 3, -0.0, 2, -3, 0, -0.0, -3);
        Matrix c = untouched(2, 2)) {
      into(v, a, a, false, c);
      assertArrayEquals(new double[] {13, 9, 9, 9}, c.toArray());
    }
  }

  private void check(int units, int rows, int cols, boolean upper) {
    try (Matrix v = values(units); Matrix a = masks(v, rows); Matrix b = upper ? a.rowRange(0, rows) : masks(v, cols);
        Matrix c = untouched(rows, cols)) {
      assertTrue(into(v, a, b, upper, c));
      double[] x = a.toArray();
      double[] y = b.toArray();
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < cols; j++) {
          double sum = 0;
          for (int m = 0; m < units; m++) {
            sum += x[i * units + m] * y[j * units + m];
          }
          double expected = upper && j < i ? UNTOUCHED : sum;
          assertEquals(expected, c.get(i, j), 1e-6 * units, units + " units, entry " + i + ", " + j);
        }
      }
    }
  }

  private static boolean into(Matrix v, Matrix a, Matrix b, boolean upper, Matrix c) {
    return new MaskTables(HostMatrix.of(v), (int) v.cols()).into(
        HostMatrix.of(a), (int) a.rows(), HostMatrix.of(b), (int) b.rows(), upper, HostMatrix.of(c));
  }

  private Matrix values(int units) {
    return matrix(1, units, random.doubles(units, -1, 1).toArray());
  }

  private Matrix masks(Matrix v, int rows) {
    double[] values = v.toArray();
    var entries = new double[rows * values.length];
    Arrays.setAll(entries, i -> random.nextBoolean() ? values[i % values.length] : 0);
    return matrix(rows, values.length, entries);
  }

  private static Matrix untouched(int rows, int cols) {
    var entries = new double[rows * cols];
    Arrays.fill(entries, UNTOUCHED);
    return matrix(rows, cols, entries);
  }

  private static Matrix matrix(int rows, int cols, double... entries) {
    Matrix matrix = Matrix.owning(
        HostMemory.allocate(Matrix.bytes(DType.F32, rows, cols)), DType.F32, rows, cols);
    matrix.copyFrom(entries);
    return matrix;
  }
}
