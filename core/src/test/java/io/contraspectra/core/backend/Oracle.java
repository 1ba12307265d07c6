package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Compares a backend's calls with {@link ReferenceEngine}, which always computes in double precision. */
final class Oracle {

  private final Backend backend;
  private final DType dtype;
  private final RandomGenerator random = Numbers.generator();

  Oracle(Backend backend, DType dtype) {
    this.backend = backend;
    this.dtype = dtype;
  }

  /** One call in every layout: the outputs agree, the inputs and all cells around are as before. */
  void requireAgreement(OutputCall call, Sizes sizes, double alpha, double beta) {
    List<Shape> shapes = call.shapes(sizes);
    List<double[]> values = values(call, shapes, beta);
    try (var reference = new Backend(new ReferenceEngine())) {
      List<double[]> expected = run(reference, DType.F64, Layout.TIGHT, call, sizes, alpha, beta, values);
      List<double[]> scale = run(reference, DType.F64, Layout.TIGHT, call, sizes, Math.abs(alpha), Math.abs(beta),
          values.stream().map(Numbers::absolute).toList());
      for (Layout layout : Layout.values()) {
        List<double[]> actual = run(backend, dtype, layout, call, sizes, alpha, beta, values);
        for (int i = 0; i < shapes.size(); i++) {
          boolean isOutput = i == shapes.size() - 1;
          double tolerance = isOutput ? call.accuracy().tolerance(dtype, sizes) : 0;
          String what = call + " " + sizes + " alpha " + alpha + " beta " + beta + " " + layout + " operand " + i;
          requireClose(what, expected.get(i), actual.get(i), scale.get(i), tolerance);
        }
      }
    }
  }

  private List<double[]> values(OutputCall call, List<Shape> shapes, double beta) {
    var values = new ArrayList<double[]>();
    for (Shape shape : shapes) {
      boolean unread = values.size() == shapes.size() - 1 && call.ignoresOutput(beta);
      values.add(unread ? Numbers.nan(shape.size()) : Numbers.gaussian(random, dtype, shape.size()));
    }
    return values;
  }

  private static List<double[]> run(Backend backend, DType dtype, Layout layout, OutputCall call, Sizes sizes,
      double alpha, double beta, List<double[]> values) {
    List<Shape> shapes = call.shapes(sizes);
    var operands = new ArrayList<Framed>();
    try {
      for (int i = 0; i < shapes.size(); i++) {
        operands.add(new Framed(backend, dtype, layout, shapes.get(i), values.get(i)));
      }
      call.run(backend, sizes, alpha, beta, operands.stream().map(Framed::matrix).toArray(Matrix[]::new));
      List<double[]> results = operands.stream().map(Framed::values).toList();
      operands.forEach(Framed::requireGuardsUntouched);
      return results;
    } finally {
      operands.forEach(Framed::close);
    }
  }

  private static void requireClose(String what, double[] expected, double[] actual, double[] scale, double tolerance) {
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(expected[i] - actual[i]) <= tolerance * scale[i])) {
        assertEquals(expected[i], actual[i], what + " element " + i + " tolerance " + tolerance * scale[i]);
      }
    }
  }
}
