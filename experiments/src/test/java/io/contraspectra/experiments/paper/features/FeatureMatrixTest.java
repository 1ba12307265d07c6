package io.contraspectra.experiments.paper.features;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.data.NpyArray;
import io.contraspectra.core.data.Npz;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.experiments.paper.features.FeatureMatrix.Leading;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Against golden cases of an independent program: one with more units than 2N, one with as many. */
class FeatureMatrixTest {

  private static final Path FOLDER = Path.of("..", "core", "src", "test", "resources", "golden", "ntk");

  @Test
  void ofMoreUnitsThanItsRank() {
    agrees("shared-orth-erf", UnaryFunction.ERF, 32, 15);
  }

  @Test
  void ofFewUnits() {
    agrees("shared-orth-relu", UnaryFunction.RELU, 24, 12);
  }

  private static void agrees(String name, UnaryFunction activation, int width, int n) {
    try (Backend backend = Backends.select("cpu");
        Npz golden = Npz.open(FOLDER.resolve(name + ".npz"));
        FeatureMatrix start = features(backend, golden, "V", activation, width, n);
        FeatureMatrix end = features(backend, golden, "trained_V_T", activation, width, n);
        Leading first = start.leading(2);
        Leading last = end.leading(2);
        Matrix expected = matrix(backend, golden.get("P0"));
        Matrix projector = backend.zeros(DType.F64, width, width);
        Matrix overlap = backend.zeros(DType.F64, 2, 2)) {
      double[] eig = golden.get("eig").toDoubles();
      double[] s0 = golden.get("S0").toDoubles();
      assertEquals(eig[0] + eig[1], first.sum(), 1e-12);
      assertEquals(eig[1] - eig[2], first.gap(), 1e-12);
      assertEquals(Math.max(eig[0], -eig[width - 1]), first.largest(), 1e-12);
      backend.gemm(YES, NO, 1, first.frame(), first.frame(), 0, projector);
      assertTrue(backend.distance(projector, expected) <= 1e-11);
      double squares = 0;
      for (double entry : s0) {
        squares += entry * entry;
      }
      assertEquals(Math.sqrt(squares), start.norm(), 1e-12);
      assertEquals(number(golden, "trained_dS"), end.distance(start) / start.norm(), 1e-9);
      backend.gemm(NO, YES, 1, last.frame(), first.frame(), 0, overlap);
      double cosines = backend.dot(overlap, overlap);
      assertEquals(number(golden, "trained_pd_Ut_U0"), Math.sqrt((2 - cosines) / 2), 1e-8);
    }
  }

  private static FeatureMatrix features(
      Backend backend, Npz golden, String weights, UnaryFunction activation, int width, int n) {
    String[] views = {"X", "Xp", "Xq"};
    try (Matrix v = matrix(backend, golden.get(weights)); Matrix h = backend.zeros(DType.F64, 3L * n, width)) {
      for (int i = 0; i < views.length; i++) {
        try (Matrix x = matrix(backend, golden.get(views[i]))) {
          backend.gemm(NO, YES, 1, x, v, 0, h.rowRange((long) i * n, n));
        }
      }
      backend.map(activation, h, h);
      return new FeatureMatrix(backend, h);
    }
  }

  private static Matrix matrix(Backend backend, NpyArray array) {
    Matrix matrix = backend.zeros(DType.F64, array.shape()[0], array.shape()[1]);
    matrix.copyFrom(array.toDoubles());
    return matrix;
  }

  private static double number(Npz golden, String name) {
    return golden.get(name).toDoubles()[0];
  }
}
