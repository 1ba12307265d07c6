package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.Matrix;
import java.util.List;

/** The calls that replace their first operand and write a second one. */
enum TwoOutputCall implements BackendCall {
  EIGH("eigh") {
    @Override
    public List<Shape> shapes(Size size) {
      return List.of(new Shape(size.m(), size.m()), new Shape(1, size.m()));
    }

    @Override
    public double run(Backend backend, Size size, double alpha, double beta, Matrix... operands) {
      backend.eigh(operands[0], operands[1]);
      return 0;
    }
  },
  SOFTMAX_ROWS("softmaxRows") {
    @Override
    public List<Shape> shapes(Size size) {
      return List.of(new Shape(size.m(), size.n()), new Shape(size.m(), 1));
    }

    @Override
    public double run(Backend backend, Size size, double alpha, double beta, Matrix... operands) {
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
