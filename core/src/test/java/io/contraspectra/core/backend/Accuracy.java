package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.DType;

/** How far a result may lie from the oracle's, as a share of the sum of the absolute values of its terms. */
enum Accuracy {
  /** A handful of roundings. */
  ELEMENTWISE,
  /** As many roundings as the inner size has terms, in any order. */
  PRODUCT,
  /** Accumulated in double precision whatever the element type, then stored. */
  REDUCTION;

  private static final double FEW = 4;
  private static final double ACCUMULATED = 1e-13;

  double tolerance(DType dtype, Sizes sizes) {
    return switch (this) {
      case ELEMENTWISE -> FEW * unitRoundoff(dtype);
      case PRODUCT -> (FEW + sizes.k()) * unitRoundoff(dtype);
      case REDUCTION -> FEW * unitRoundoff(dtype) + ACCUMULATED;
    };
  }

  /** Half the distance from 1 to the next larger number. */
  static double unitRoundoff(DType dtype) {
    return switch (dtype) {
      case F32 -> Math.ulp(1f) / 2;
      case F64 -> Math.ulp(1d) / 2;
    };
  }
}
