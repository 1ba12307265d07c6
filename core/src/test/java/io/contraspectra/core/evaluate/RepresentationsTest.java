package io.contraspectra.core.evaluate;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.golden.Golden;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.TestNetworks;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RepresentationsTest {

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
      assertEquals(alignment, Representations.alignment(backend, f, p), 1e-12);
      assertEquals(Math.log(uniformity / (n * (n - 1.0))), Representations.uniformity(backend, f), 1e-12);
    }
  }

  @EveryBackend
  void extremes(Backend backend, DType dtype) {
    double tolerance = dtype == DType.F64 ? 1e-13 : 1e-5;
    try (Matrix same = backend.zeros(dtype, 4, 2); Matrix opposite = backend.zeros(dtype, 4, 2)) {
      backend.fill(3, same);
      backend.fill(-0.5, opposite);
      assertEquals(0, Representations.uniformity(backend, same), tolerance);
      assertEquals(0, Representations.alignment(backend, same, same), tolerance);
      assertEquals(4, Representations.alignment(backend, same, opposite), tolerance);
    }
  }

  @EveryBackend
  void ckaIgnoresShiftRotationAndScale(Backend backend) {
    try (Matrix x = TestNetworks.inputs(backend, DType.F64, 20, 2, 3); Matrix y = backend.zeros(DType.F64, 20, 2)) {
      backend.copy(x.block(0, 1, 20, 1), y.block(0, 0, 20, 1));
      backend.add(-1, x.block(0, 0, 20, 1), 0, y.block(0, 1, 20, 1));
      backend.scale(-7, y);
      backend.shift(3, y);
      assertEquals(1, Representations.linearCka(backend, x, y), 1e-13);
      backend.multiply(x, x, y);
      assertTrue(Representations.linearCka(backend, x, y) < 0.9);
    }
  }

  @EveryBackend
  void golden(Backend backend) {
    try (Golden metrics = Golden.open("dyn/shared-metrics")) {
      for (int c = 0; c < 3; c++) {
        try (Matrix m = metrics.matrix("c" + c + "_M", backend)) {
          assertEquals(metrics.number("c" + c + "_erank"), EffectiveRank.of(backend, m), 1e-12);
        }
      }
    }
    for (String name : new String[] {"ntk/shared-orth-erf", "ntk/shared-orth-relu"}) {
      try (Golden orth = Golden.open(name);
          Matrix a = orth.matrix("mA", backend);
          Matrix b = orth.matrix("mB", backend)) {
        assertEquals(orth.number("m_cka"), Representations.linearCka(backend, a, b), 1e-12);
      }
    }
  }

  /** Linear probes on golden embeddings, up to the rotation that a ridge probe does not see. */
  @EveryBackend
  void goldenProbeScores(Backend backend) {
    try (Golden golden = Golden.open("spec/shared-downstream");
        Matrix x = golden.matrix("X", backend);
        Matrix test = golden.matrix("Xtest", backend)) {
      double[] labelled = golden.doubles("labelled");
      double[] y = golden.doubles("y");
      var labels = new int[labelled.length];
      for (String method : new String[] {"vic_small", "vic_large", "simclr", "bt"}) {
        try (Matrix w = root(backend, golden, method + "_WWt");
            Matrix rows = backend.zeros(DType.F64, labelled.length, x.cols());
            Matrix z = backend.zeros(DType.F64, labelled.length, x.cols());
            Matrix zTest = backend.zeros(DType.F64, test.rows(), x.cols())) {
          for (int i = 0; i < labels.length; i++) {
            labels[i] = (int) y[(int) labelled[i]];
            backend.copy(x.rowRange((long) labelled[i], 1), rows.rowRange(i, 1));
          }
          product(backend, rows, w, z);
          product(backend, test, w, zTest);
          double penalty = golden.number("rho") * labels.length;
          try (LinearClassifier probe = LinearProbes.ridge(backend, z, labels, penalty);
              Matrix scores = probe.scores(zTest)) {
            golden.assertClose(method + "_pred", scores, 1e-8);
            double[] truth = golden.doubles("ytest");
            int[] right = Arrays.stream(truth).mapToInt(label -> (int) label).toArray();
            assertEquals(golden.number(method + "_err"), 1 - probe.accuracy(zTest, right), 1e-12);
          }
        }
      }
    }
  }

  /** The symmetric square root of a golden Gram of weights. */
  private static Matrix root(Backend backend, Golden golden, String array) {
    try (Matrix vectors = golden.matrix(array, backend);
        Matrix values = backend.zeros(DType.F64, 1, vectors.cols());
        Matrix column = backend.zeros(DType.F64, vectors.rows(), 1);
        Matrix scaled = backend.zeros(DType.F64, vectors.rows(), vectors.cols())) {
      backend.eigh(vectors, values);
      double[] roots = values.toArray();
      for (int i = 0; i < roots.length; i++) {
        roots[i] = Math.sqrt(Math.max(0, roots[i]));
      }
      column.copyFrom(roots);
      backend.multiplyColumn(column, vectors, scaled);
      Matrix root = backend.zeros(DType.F64, vectors.rows(), vectors.cols());
      backend.gemm(YES, NO, 1, vectors,
          scaled, 0, root);
      return root;
    }
  }

  private static void product(Backend backend, Matrix a, Matrix b, Matrix c) {
    backend.gemm(NO, NO, 1, a, b, 0, c);
  }

  @EveryBackend
  void ranksOfKnownSpectra(Backend backend) {
    // Centred columns of squared norms 4 and 4·9: p = 1/10, 9/10.
    try (Matrix x = backend.matrix(4, 2, 6, 8, 6, 2, 4, 8, 4, 2)) {
      double expected = Math.exp(-0.1 * Math.log(0.1) - 0.9 * Math.log(0.9));
      assertEquals(expected, EffectiveRank.ofCovariance(backend, x), 1e-12);
    }
    try (Matrix diagonal = backend.matrix(2, 3, 3, 0, 0, 0, 1, 0)) {
      double expected = Math.exp(-0.75 * Math.log(0.75) - 0.25 * Math.log(0.25));
      assertEquals(expected, EffectiveRank.of(backend, diagonal), 1e-12);
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
        Matrix one = backend.zeros(DType.F64, 1, 2);
        Matrix equal = backend.matrix(3, 2, 1, 2, 1, 2, 1, 2)) {
      assertThrows(InvalidArgument.class, () -> EffectiveRank.of(backend, zeros));
      assertThrows(InvalidArgument.class, () -> EffectiveRank.ofCovariance(backend, equal));
      assertThrows(InvalidArgument.class, () -> Representations.uniformity(backend, one));
      assertThrows(ShapeMismatch.class, () -> Representations.alignment(backend, one, zeros));
      assertThrows(ShapeMismatch.class, () -> Representations.linearCka(backend, one, zeros));
      assertThrows(InvalidArgument.class, () -> Representations.linearCka(backend, zeros, zeros));
    }
  }
}
