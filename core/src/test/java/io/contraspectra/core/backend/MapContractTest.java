package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.matrix.DType;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Every function that a backend maps, against its scalar definition. */
class MapContractTest {

  private static final double FEW_ULPS = 8;
  private static final double[] CORNERS = {
      0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Float.MIN_VALUE, -Float.MIN_VALUE,
      Float.MIN_NORMAL, 1e-30, -1e-30, 1e-8, -1e-8, 0.5, -0.5, 1, -1, 9.5, -9.5, 18, -18, 40, -40, 89, -89, 104, -104,
      700, -700, 750, -750, 1e30, -1e30, Float.MAX_VALUE, -Float.MAX_VALUE};

  @EveryBackend
  void agreesWithTheScalarDefinition(Backend backend, DType dtype, UnaryFunction function, Layout layout) {
    double[] points = points(dtype);
    var shape = new Shape(3, points.length / 3);
    try (var x = new Framed(backend, dtype, layout, shape, points);
        var y = new Framed(backend, dtype, layout, shape, Numbers.nan(shape.size()))) {
      backend.map(function, x.matrix(), y.matrix());
      double[] actual = y.values();
      for (int i = 0; i < actual.length; i++) {
        double expected = Numbers.rounded(dtype, function.at(points[i]));
        double tolerance = tolerance(dtype, Math.abs(expected) + cancelled(function, points[i]));
        assertEquals(expected, actual[i], tolerance, function + "(" + points[i] + ")");
      }
      y.requireGuardsUntouched();
    }
  }

  @EveryBackend
  void multipliesByWhatItMaps(Backend backend, DType dtype, UnaryFunction function, Layout layout) {
    double[] points = points(dtype);
    double[] factors = DoubleStream.iterate(-3, z -> z + 0.0137).limit(points.length)
        .map(z -> Numbers.rounded(dtype, z)).toArray();
    var shape = new Shape(3, points.length / 3);
    try (var x = new Framed(backend, dtype, layout, shape, points);
        var y = new Framed(backend, dtype, layout, shape, factors)) {
      backend.multiplyMapped(function, x.matrix(), y.matrix());
      double[] actual = y.values();
      for (int i = 0; i < actual.length; i++) {
        double expected = Numbers.rounded(dtype, function.at(points[i]) * factors[i]);
        double size = Math.abs(expected) + cancelled(function, points[i]) * Math.abs(factors[i]);
        assertEquals(expected, actual[i], tolerance(dtype, size), function + "(" + points[i] + ")");
      }
      y.requireGuardsUntouched();
    }
  }

  /** An element has the same bits wherever in a vector it lies. */
  @EveryBackend
  void bitsDependOnTheElementOnly(Backend backend, DType dtype, UnaryFunction function) {
    double[] points = points(dtype);
    double[] reversed = DoubleStream.iterate(0, i -> i + 1).limit(points.length)
        .map(i -> points[points.length - 1 - (int) i]).toArray();
    double[] forward = map(backend, dtype, function, Layout.TIGHT, points);
    double[] backward = map(backend, dtype, function, Layout.SHIFTED, reversed);
    for (int i = 0; i < points.length; i++) {
      assertEquals(forward[i], backward[points.length - 1 - i], function + "(" + points[i] + ")");
    }
  }

  private static double[] map(Backend backend, DType dtype, UnaryFunction function, Layout layout, double[] points) {
    try (var x = new Framed(backend, dtype, layout, new Shape(1, points.length), points)) {
      backend.map(function, x.matrix(), x.matrix());
      return x.values();
    }
  }

  private static double[] points(DType dtype) {
    DoubleStream grid = DoubleStream.iterate(-30, z -> z <= 30, z -> z + 0.0131);
    double[] all = DoubleStream.concat(Arrays.stream(CORNERS), grid).map(z -> Numbers.rounded(dtype, z)).toArray();
    return Arrays.copyOf(all, all.length / 3 * 3);
  }

  // Phi(z) + z phi(z) crosses zero: the size of its terms counts there, not of what they leave.
  private static double cancelled(UnaryFunction function, double z) {
    boolean cancels = function == UnaryFunction.GELU_DERIVATIVE && Double.isFinite(z);
    return cancels ? Math.abs(z) * Math.exp(-z * z / 2) : 0;
  }

  // Below the normal numbers an ulp is an absolute size. Equal infinities have no distance.
  private static double tolerance(DType dtype, double size) {
    double smallestNormal = dtype == DType.F32 ? Float.MIN_NORMAL : Double.MIN_NORMAL;
    double scale = Double.isFinite(size) ? Math.max(size, smallestNormal) : 0;
    return FEW_ULPS * 2 * Accuracy.unitRoundoff(dtype) * scale;
  }
}
