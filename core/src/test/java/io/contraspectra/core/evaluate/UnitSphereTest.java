package io.contraspectra.core.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.TestNetworks;
import org.junit.jupiter.api.Test;

class UnitSphereTest {

  private static double[][] unitRows(Matrix f) {
    double[] all = f.toArray();
    int k = (int) f.cols();
    var rows = new double[(int) f.rows()][k];
    for (int i = 0; i < rows.length; i++) {
      double norm = 0;
      for (int j = 0; j < k; j++) {
        norm += all[i * k + j] * all[i * k + j];
      }
      for (int j = 0; j < k; j++) {
        rows[i][j] = norm > 0 ? all[i * k + j] / Math.sqrt(norm) : 0;
      }
    }
    return rows;
  }

  private static double squaredDistance(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += (a[j] - b[j]) * (a[j] - b[j]);
    }
    return sum;
  }

  /** More rows than a block, and a row of zeros. */
  @EveryBackend
  void alignmentAndUniformityPairByPair(Backend backend) {
    int n = 300;
    try (Matrix f = TestNetworks.inputs(backend, DType.F64, n, 3, 1);
        Matrix p = TestNetworks.inputs(backend, DType.F64, n, 3, 2)) {
      backend.fill(0, f.rowRange(5, 1));
      double[][] a = unitRows(f);
      double[][] b = unitRows(p);
      double alignment = 0;
      double uniformity = 0;
      for (int i = 0; i < n; i++) {
        alignment += squaredDistance(a[i], b[i]) / n;
        for (int j = 0; j < n; j++) {
          // The row of zeros counts as the cosine 0 that it has everywhere.
          uniformity += i == j ? 0 : Math.exp(i == 5 || j == 5 ? -4 : -2 * squaredDistance(a[i], a[j]));
        }
      }
      assertEquals(alignment, UnitSphere.alignment(backend, f, p), 1e-12);
      assertEquals(Math.log(uniformity / (n * (n - 1.0))), UnitSphere.uniformity(backend, f), 1e-12);
    }
  }

  @EveryBackend
  void extremes(Backend backend, DType dtype) {
    double tolerance = dtype == DType.F64 ? 1e-13 : 1e-5;
    try (Matrix same = backend.zeros(dtype, 4, 2); Matrix opposite = backend.zeros(dtype, 4, 2)) {
      backend.fill(3, same);
      backend.fill(-0.5, opposite);
      assertEquals(0, UnitSphere.uniformity(backend, same), tolerance);
      assertEquals(0, UnitSphere.alignment(backend, same, same), tolerance);
      assertEquals(4, UnitSphere.alignment(backend, same, opposite), tolerance);
    }
  }

  @EveryBackend
  void standardisedColumns(Backend backend) {
    try (Matrix x = backend.matrix(3, 2, 1, 5, 2, 5, 3, 5); Matrix other = backend.matrix(1, 2, 4, 6)) {
      Columns.standardise(backend, x, other);
      assertEquals(Math.sqrt(1.5), x.get(2, 0), 1e-14);
      assertEquals(0, x.get(1, 1));
      assertEquals(2 * Math.sqrt(1.5), other.get(0, 0), 1e-14);
    }
  }

  @Test
  void refusesNonsense() {
    try (Backend backend = TestBackend.REFERENCE.open();
        Matrix zeros = backend.zeros(DType.F64, 3, 2);
        Matrix one = backend.zeros(DType.F64, 1, 2)) {
      assertThrows(InvalidArgument.class, () -> UnitSphere.uniformity(backend, one));
      assertThrows(ShapeMismatch.class, () -> UnitSphere.alignment(backend, one, zeros));
    }
  }
}
