package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.Matrix;
import java.util.Collections;
import java.util.List;

/** The calls that reduce matrices to one number. */
enum ScalarCall implements BackendCall {
  SUM("sum", 1, (b, x) -> b.sum(x[0])),
  DOT("dot", 2, (b, x) -> b.dot(x[0], x[1])),
  DOT_OF_ITSELF("dot", 1, (b, x) -> b.dot(x[0], x[0])),
  NORM("dot", 1, (b, x) -> b.norm(x[0])),
  DISTANCE("distance", 2, (b, x) -> b.distance(x[0], x[1])),
  MAX_ABS("maxAbs", 1, (b, x) -> b.maxAbs(x[0])),
  REQUIRE_FINITE("requireFinite", 1, (b, x) -> {
    b.requireFinite("requireFinite", x[0]);
    return 0;
  });

  @FunctionalInterface
  private interface Body {
    double run(Backend backend, Matrix[] operands);
  }

  private final String operation;
  private final int operands;
  private final Body body;

  ScalarCall(String operation, int operands, Body body) {
    this.operation = operation;
    this.operands = operands;
    this.body = body;
  }

  @Override
  public String operation() {
    return operation;
  }

  @Override
  public List<Shape> shapes(Sizes sizes) {
    return Collections.nCopies(operands, new Shape(sizes.m(), sizes.n()));
  }

  @Override
  public double run(Backend backend, Sizes sizes, double alpha, double beta, Matrix... operands) {
    return body.run(backend, operands);
  }
}
