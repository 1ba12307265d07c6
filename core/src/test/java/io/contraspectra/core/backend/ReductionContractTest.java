package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Reductions to one number: right to double precision for both element types, and the same on every run. */
class ReductionContractTest {

  private static final double ACCUMULATED = 1e-13;

  private final RandomGenerator random = Numbers.generator();

  @EveryBackend
  void agreesWithTheOracle(Backend backend, DType dtype, ScalarCall call, Layout layout) {
    try (var reference = new Backend(new ReferenceEngine())) {
      Stream.concat(Sizes.CONTRACT.stream(), Stream.of(Sizes.LARGE)).forEach(sizes -> {
        double[][] values = values(call, sizes, dtype);
        double expected = reduce(reference, DType.F64, Layout.TIGHT, call, sizes, values);
        double scale = Math.max(Math.abs(expected), terms(reference, call, sizes, values));
        assertEquals(expected, reduce(backend, dtype, layout, call, sizes, values), ACCUMULATED * scale,
            () -> call + " " + sizes);
      });
    }
  }

  @EveryBackend
  void bitsDependOnNumbersAndShapeOnly(Backend backend, DType dtype, ScalarCall call) {
    Sizes sizes = Sizes.LARGE;
    double[][] values = values(call, sizes, dtype);
    double first = reduce(backend, dtype, Layout.TIGHT, call, sizes, values);
    for (Layout layout : Layout.values()) {
      assertEquals(first, reduce(backend, dtype, layout, call, sizes, values), layout::toString);
      backend.tiles(8, 0, (tile, workspace) ->
          assertEquals(first, reduce(backend, dtype, layout, call, sizes, values), "in a tile, " + layout));
    }
  }

  @EveryBackend
  void smallDistanceOfLargeMatricesDoesNotCancel(Backend backend, DType dtype) {
    double step = 0x1p-20;
    try (Matrix x = backend.zeros(dtype, 100, 100); Matrix y = backend.zeros(dtype, 100, 100)) {
      backend.fill(1, x);
      backend.fill(1 + step, y);
      assertEquals(100 * step, backend.distance(x, y), ACCUMULATED * step);
    }
  }

  // Terms of one sign are their own scale; a sum of signed terms may cancel, and is judged by what it adds up.
  private static double terms(Backend reference, ScalarCall call, Sizes sizes, double[][] values) {
    double[][] absolute = Arrays.stream(values).map(Numbers::absolute).toArray(double[][]::new);
    return switch (call) {
      case SUM, DOT -> reduce(reference, DType.F64, Layout.TIGHT, call, sizes, absolute);
      default -> 0;
    };
  }

  private double[][] values(ScalarCall call, Sizes sizes, DType dtype) {
    return call.shapes(sizes).stream().map(shape -> Numbers.gaussian(random, dtype, shape.size()))
        .toArray(double[][]::new);
  }

  private static double reduce(
      Backend backend, DType dtype, Layout layout, ScalarCall call, Sizes sizes, double[][] values) {
    var shape = new Shape(sizes.m(), sizes.n());
    try (var x = new Framed(backend, dtype, layout, shape, values[0]);
        var y = new Framed(backend, dtype, layout, shape, values[values.length - 1])) {
      double result = call.run(backend, sizes, 1, 0, x.matrix(), y.matrix());
      x.requireGuardsUntouched();
      y.requireGuardsUntouched();
      return result;
    }
  }
}
