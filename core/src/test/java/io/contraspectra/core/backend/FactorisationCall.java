package io.contraspectra.core.backend;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;
import static io.contraspectra.core.backend.Triangle.LOWER;
import static io.contraspectra.core.backend.Triangle.UPPER;

import io.contraspectra.core.matrix.Matrix;
import java.util.List;
import java.util.function.Function;

/** The calls that decompose an operand; what they return is checked by what it must satisfy. */
enum FactorisationCall implements BackendCall {
  EIGH("eigh", s -> List.of(new Shape(s.m(), s.m()), new Shape(1, s.m())), (b, x) -> b.eigh(x[0], x[1])),
  EIGH_RANGE("eighRange",
      s -> List.of(new Shape(s.m() + 1, s.m() + 1), new Shape(1, s.m()), new Shape(s.m(), s.m() + 1)),
      (b, x) -> b.eighRange(x[0], 1, x[1], x[2])),
  SVD_TALL("svd", s -> List.of(new Shape(s.m() + s.n(), s.m()), new Shape(s.m() + s.n(), s.m()), new Shape(1, s.m()),
      new Shape(s.m(), s.m())), (b, x) -> b.svd(x[0], x[1], x[2], x[3])),
  QR("qr", s -> List.of(new Shape(s.m() + s.n(), s.m()), new Shape(s.m(), s.m())), (b, x) -> b.qr(x[0], x[1])),
  LQ("lq", s -> List.of(new Shape(s.m(), s.m() + s.n()), new Shape(s.m(), s.m())), (b, x) -> b.lq(x[0], x[1])),
  CHOLESKY("cholesky", s -> List.of(new Shape(s.m(), s.m())), (b, x) -> b.cholesky(x[0])),
  SOLVE_TRIANGULAR_LEFT("solveTriangular", s -> List.of(new Shape(s.m(), s.m()), new Shape(s.m(), s.n())),
      (b, x) -> b.solveTriangular(Side.LEFT, LOWER, NO, 1, x[0], x[1])),
  SOLVE_TRIANGULAR_RIGHT("solveTriangular", s -> List.of(new Shape(s.n(), s.n()), new Shape(s.m(), s.n())),
      (b, x) -> b.solveTriangular(Side.RIGHT, UPPER, YES, 1, x[0], x[1]));

  @FunctionalInterface
  private interface Body {
    void run(Backend backend, Matrix[] operands);
  }

  private final String operation;
  private final Function<Sizes, List<Shape>> shapes;
  private final Body body;

  FactorisationCall(String operation, Function<Sizes, List<Shape>> shapes, Body body) {
    this.operation = operation;
    this.shapes = shapes;
    this.body = body;
  }

  @Override
  public String operation() {
    return operation;
  }

  @Override
  public List<Shape> shapes(Sizes sizes) {
    return shapes.apply(sizes);
  }

  @Override
  public double run(Backend backend, Sizes sizes, double alpha, double beta, Matrix... operands) {
    body.run(backend, operands);
    return 0;
  }
}
