package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.Matrix;
import java.util.List;

/** The calls that replace their first operand and write a second one. */
enum TwoOutputCall implements BackendCall {
  SOFTMAX_ROWS("softmaxRows") {
    @Override
    public List<Shape> shapes(Sizes sizes) {
      return List.of(new Shape(sizes.m(), sizes.n()), new Shape(sizes.m(), 1));
    }

    @Override
    public double run(Backend backend, Sizes sizes, double alpha, double beta, Matrix... operands) {
      backend.softmaxRows(operands[0], operands[1]);
      return 0;
    }
  };

  private final String operation;

  TwoOutputCall(String operation) {
    this.operation = operation;
  }

  @Override
  public String operation() {
    return operation;
  }
}
