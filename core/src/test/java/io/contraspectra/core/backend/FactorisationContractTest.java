package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NonFinite;
import io.contraspectra.core.matrix.NotPositiveDefinite;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.util.List;
import java.util.stream.IntStream;

/** Factorisations by what they must satisfy: the product of the factors, and what each factor must be. */
class FactorisationContractTest {

  private static final List<Shape> TALL = List.of(new Shape(0, 0), new Shape(1, 1), new Shape(5, 0), new Shape(4, 4),
      new Shape(9, 3), new Shape(130, 41));

  @EveryBackend
  void qr(Backend backend, DType dtype, Layout layout) {
    for (Shape shape : TALL) {
      double[] x = entries(shape);
      var square = new Shape(shape.cols(), shape.cols());
      try (var a = new Framed(backend, dtype, layout, shape, x);
          var r = new Framed(backend, dtype, layout, square, Numbers.nan(square.size()))) {
        double[] given = a.values();
        backend.qr(a.matrix(), r.matrix());
        double tolerance = tolerance(dtype, shape);
        Dense q = new Dense(shape, a.values());
        requireIdentity(q.transposed().times(q), tolerance);
        requireTriangle(new Dense(square, r.values()).transposed());
        requireEqual(new Dense(shape, given), q.times(new Dense(square, r.values())), tolerance);
        a.requireGuardsUntouched();
        r.requireGuardsUntouched();
      }
    }
  }

  @EveryBackend
  void lq(Backend backend, DType dtype, Layout layout) {
    for (Shape tall : TALL) {
      var shape = new Shape(tall.cols(), tall.rows());
      var square = new Shape(tall.cols(), tall.cols());
      try (var a = new Framed(backend, dtype, layout, shape, entries(shape));
          var l = new Framed(backend, dtype, layout, square, Numbers.nan(square.size()))) {
        double[] given = a.values();
        backend.lq(a.matrix(), l.matrix());
        double tolerance = tolerance(dtype, tall);
        Dense q = new Dense(shape, a.values());
        requireIdentity(q.times(q.transposed()), tolerance);
        requireTriangle(new Dense(square, l.values()));
        requireEqual(new Dense(shape, given), new Dense(square, l.values()).times(q), tolerance);
        a.requireGuardsUntouched();
        l.requireGuardsUntouched();
      }
    }
  }

  @EveryBackend
  void dependentColumnsGetAnOrthonormalBasisAllTheSame(Backend backend, DType dtype) {
    try (Matrix a = backend.zeros(dtype, 6, 3); Matrix r = backend.zeros(dtype, 3, 3)) {
      for (int i = 0; i < 6; i++) {
        a.set(i, 0, i - 2);
        a.set(i, 1, 2 * i - 4);
      }
      backend.qr(a, r);
      Dense q = new Dense(new Shape(6, 3), a.toArray());
      requireIdentity(q.transposed().times(q), tolerance(dtype, new Shape(6, 3)));
      assertEquals(0, r.get(1, 1), 1e-5);
      assertEquals(0, r.get(2, 2), 1e-5);
    }
  }

  @EveryBackend
  void svd(Backend backend, DType dtype, Layout layout) {
    for (Shape tall : TALL) {
      for (Shape shape : List.of(tall, new Shape(tall.cols(), tall.rows()))) {
        int rank = tall.cols();
        var us = new Shape(shape.rows(), rank);
        var vs = new Shape(rank, shape.cols());
        try (var a = new Framed(backend, dtype, layout, shape, entries(shape));
            var u = new Framed(backend, dtype, layout, us, Numbers.nan(us.size()));
            var s = new Framed(backend, dtype, layout, new Shape(1, rank), Numbers.nan(rank));
            var v = new Framed(backend, dtype, layout, vs, Numbers.nan(vs.size()))) {
          Dense given = new Dense(shape, a.values());
          backend.svd(a.matrix(), u.matrix(), s.matrix(), v.matrix());
          requireDecomposition(given, new Dense(us, u.values()), s.values(), new Dense(vs, v.values()),
              tolerance(dtype, tall));
          for (Framed operand : List.of(a, u, s, v)) {
            operand.requireGuardsUntouched();
          }
        }
      }
    }
  }

  private static void requireDecomposition(Dense a, Dense u, double[] s, Dense v, double tolerance) {
    requireIdentity(u.transposed().times(u), tolerance);
    requireIdentity(v.times(v.transposed()), tolerance);
    var scaled = u.values().clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] *= s[i % s.length];
    }
    requireEqual(a, new Dense(u.shape(), scaled).times(v), tolerance * Math.max(1, s.length == 0 ? 0 : s[0]));
    for (int i = 0; i < s.length; i++) {
      assertTrue(s[i] >= 0 && (i == 0 || s[i] <= s[i - 1]), "singular values must descend");
    }
  }

  @EveryBackend
  void cholesky(Backend backend, DType dtype, Layout layout) {
    for (int n : new int[] {0, 1, 2, 5, 67}) {
      Dense root = new Dense(new Shape(n, n), entries(new Shape(n, n)));
      Dense a = root.times(root.transposed());
      double[] lower = IntStream.range(0, n * n)
          .mapToDouble(i -> i % n > i / n ? 4711 : a.values()[i] + (i % n == i / n ? 1 : 0)).toArray();
      try (var factor = new Framed(backend, dtype, layout, new Shape(n, n), lower)) {
        Dense given = new Dense(new Shape(n, n), factor.values());
        backend.cholesky(factor.matrix());
        Dense l = new Dense(new Shape(n, n), factor.values());
        requireTriangle(l);
        Dense product = l.times(l.transposed());
        for (int i = 0; i < n; i++) {
          for (int j = 0; j <= i; j++) {
            assertEquals(given.at(i, j), product.at(i, j), tolerance(dtype, new Shape(n, n)) * n, i + "," + j);
          }
        }
        factor.requireGuardsUntouched();
      }
    }
  }

  @EveryBackend
  void indefiniteMatrixNamesTheMinor(Backend backend, DType dtype) {
    try (Matrix a = backend.zeros(dtype, 3, 3)) {
      backend.shiftDiagonal(1, a);
      a.set(2, 2, -1);
      var refusal = assertThrows(NotPositiveDefinite.class, () -> backend.cholesky(a));
      assertEquals(3, refusal.order());
      assertTrue(refusal.getMessage().startsWith("cholesky: A(3x3)"), refusal.getMessage());
    }
  }

  @EveryBackend
  void solveTriangular(Backend backend, DType dtype, Side side, Triangle triangle, Transpose tt) {
    for (Layout layout : Layout.values()) {
      for (Sizes sizes : List.of(new Sizes(0, 3, 0, 1), new Sizes(1, 1, 0, 1), new Sizes(7, 4, 0, 1),
          new Sizes(60, 33, 0, 1))) {
        int n = side == Side.LEFT ? sizes.m() : sizes.n();
        var shape = new Shape(sizes.m(), sizes.n());
        double[] t = entries(new Shape(n, n));
        for (int i = 0; i < t.length; i++) {
          boolean inside = triangle == Triangle.LOWER ? i % n <= i / n : i % n >= i / n;
          t[i] = inside ? i % n == i / n ? 3 : t[i] / n : Double.NaN;
        }
        try (var factor = new Framed(backend, dtype, layout, new Shape(n, n), t);
            var b = new Framed(backend, dtype, layout, shape, entries(shape))) {
          double[] right = b.values();
          Dense clean = new Dense(new Shape(n, n), IntStream.range(0, n * n)
              .mapToDouble(i -> Double.isNaN(t[i]) ? 0 : factor.values()[i]).toArray());
          backend.solveTriangular(side, triangle, tt, -2, factor.matrix(), b.matrix());
          Dense op = tt == Transpose.NO ? clean : clean.transposed();
          Dense x = new Dense(shape, b.values());
          Dense product = side == Side.LEFT ? op.times(x) : x.times(op);
          double[] expected = IntStream.range(0, right.length).mapToDouble(i -> -2 * right[i]).toArray();
          requireEqual(new Dense(shape, expected), product, tolerance(dtype, new Shape(n + 1, n + 1)));
          factor.requireGuardsUntouched();
          b.requireGuardsUntouched();
        }
      }
    }
  }

  @EveryBackend
  void someEigenpairsAreTheOnesOfTheFullDecomposition(Backend backend, DType dtype, Layout layout) {
    int n = 23;
    Dense x = new Dense(new Shape(n, n), entries(new Shape(n, n)));
    double[] a = IntStream.range(0, n * n).mapToDouble(i -> x.at(i / n, i % n) + x.at(i % n, i / n)).toArray();
    try (Matrix all = backend.zeros(dtype, n, n); Matrix allValues = backend.zeros(dtype, 1, n)) {
      all.copyFrom(a);
      backend.eigh(all, allValues);
      for (int first : new int[] {0, 5, 20}) {
        var shape = new Shape(3, n);
        try (var matrix = new Framed(backend, dtype, layout, new Shape(n, n), a);
            var values = new Framed(backend, dtype, layout, new Shape(1, 3), Numbers.nan(3));
            var vectors = new Framed(backend, dtype, layout, shape, Numbers.nan(3 * n))) {
          backend.eighRange(matrix.matrix(), first, values.matrix(), vectors.matrix());
          double tolerance = 20 * tolerance(dtype, new Shape(n, n));
          for (int i = 0; i < 3; i++) {
            assertEquals(allValues.get(0, first + i), values.values()[i], tolerance);
          }
          Dense v = new Dense(shape, vectors.values());
          requireIdentity(v.times(v.transposed()), tolerance);
          Dense image = v.times(new Dense(new Shape(n, n), a));
          for (int i = 0; i < 3 * n; i++) {
            assertEquals(values.values()[i / n] * v.values()[i], image.values()[i], tolerance);
          }
          for (Framed operand : List.of(matrix, values, vectors)) {
            operand.requireGuardsUntouched();
          }
        }
      }
    }
  }

  @EveryBackend
  void eigenvaluesThatDoNotExistAreRefused(Backend backend) {
    try (Matrix a = backend.zeros(DType.F64, 4, 4); Matrix values = backend.zeros(DType.F64, 1, 2);
        Matrix vectors = backend.zeros(DType.F64, 2, 4)) {
      for (long first : new long[] {-1, 3, Long.MAX_VALUE}) {
        var refusal = assertThrows(ShapeMismatch.class, () -> backend.eighRange(a, first, values, vectors));
        assertTrue(refusal.getMessage().contains("of 4 eigenvalues"), refusal.getMessage());
      }
    }
  }

  @EveryBackend
  void nonFiniteEntriesAreReportedWithTheirPlace(Backend backend, DType dtype) {
    try (Matrix a = backend.zeros(dtype, 4, 4); Matrix u = backend.zeros(dtype, 4, 4);
        Matrix v = backend.zeros(dtype, 4, 4); Matrix s = backend.zeros(dtype, 1, 4)) {
      a.set(2, 1, Double.NaN);
      List<Runnable> calls = List.of(() -> backend.qr(a, u), () -> backend.lq(a, u), () -> backend.cholesky(a),
          () -> backend.svd(a, u, s, v), () -> backend.eighRange(a, 0, s, v));
      for (Runnable call : calls) {
        var found = assertThrows(NonFinite.class, call::run);
        assertEquals(2, found.row());
        assertEquals(1, found.column());
      }
    }
  }

  private static double[] entries(Shape shape) {
    return IntStream.range(0, shape.size()).mapToDouble(i -> Math.sin(1 + i * 0.7) + 0.3 * Math.cos(i * i)).toArray();
  }

  private static double tolerance(DType dtype, Shape shape) {
    return 16 * (shape.rows() + 1) * Accuracy.unitRoundoff(dtype);
  }

  private static void requireIdentity(Dense product, double tolerance) {
    for (int i = 0; i < product.shape().size(); i++) {
      int cols = product.shape().cols();
      assertEquals(i % cols == i / cols ? 1 : 0, product.values()[i], tolerance, "entry " + i);
    }
  }

  private static void requireTriangle(Dense l) {
    for (int i = 0; i < l.shape().rows(); i++) {
      assertTrue(l.at(i, i) >= 0, "diagonal entry " + i + " is " + l.at(i, i));
      for (int j = i + 1; j < l.shape().cols(); j++) {
        assertEquals(0, l.at(i, j), "entry outside the triangle");
      }
    }
  }

  private static void requireEqual(Dense expected, Dense actual, double tolerance) {
    for (int i = 0; i < expected.values().length; i++) {
      assertEquals(expected.values()[i], actual.values()[i], tolerance, "entry " + i);
    }
  }
}
