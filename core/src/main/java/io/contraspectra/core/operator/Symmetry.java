package io.contraspectra.core.operator;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;

/** Refuses matrices that are not symmetric, in one pass over their tiles. */
final class Symmetry {

  private static final long TILE = 160;

  private Symmetry() {}

  /** Asymmetry up to this fraction of the largest entry counts as rounding. */
  private static double tolerance(DType dtype) {
    return switch (dtype) {
      case F64 -> 1e-8;
      case F32 -> 1e-5;
    };
  }

  /**
   * Throws unless A is square, finite and symmetric.
   *
   * @return the largest absolute entry
   */
  static double require(Backend backend, Matrix a) {
    if (a.rows() != a.cols()) {
      throw new ShapeMismatch("eigensolver: " + a.describe("A") + " must be square");
    }
    long blocks = Math.ceilDiv(a.rows(), TILE);
    var largest = new double[Math.toIntExact(blocks)];
    var asymmetry = new double[Math.toIntExact(blocks)];
    backend.tiles(blocks, Workspace.bytes(a.dtype(), TILE, TILE), (row, workspace) -> {
      for (long col = row; col < blocks; col++) {
        workspace.reset();
        compare(backend, a, row * TILE, col * TILE, workspace, (int) row, largest, asymmetry);
      }
    });
    return judged(backend, a, max(largest), max(asymmetry));
  }

  private static void compare(Backend backend, Matrix a, long row, long col, Workspace workspace, int at,
      double[] largest, double[] asymmetry) {
    long rows = Math.min(TILE, a.rows() - row);
    long cols = Math.min(TILE, a.rows() - col);
    Matrix upper = a.block(row, col, rows, cols);
    Matrix lower = a.block(col, row, cols, rows);
    Matrix mirrored = workspace.matrix(a.dtype(), rows, cols);
    backend.transpose(lower, mirrored);
    largest[at] = Math.max(largest[at], backend.maxAbs(upper));
    // |lower| is at most |upper| + |difference|: a finite difference makes both finite.
    backend.add(-1, upper, 1, mirrored);
    asymmetry[at] = Math.max(asymmetry[at], backend.maxAbs(mirrored));
  }

  private static double judged(Backend backend, Matrix a, double largest, double asymmetry) {
    if (!(largest < Double.POSITIVE_INFINITY) || !(asymmetry < Double.POSITIVE_INFINITY)) {
      backend.requireFinite("eigensolver: A", a);
    }
    double tolerance = tolerance(a.dtype());
    if (asymmetry > tolerance * largest) {
      throw new InvalidArgument("eigensolver: " + a.describe("A") + " is not symmetric: entries differ from their"
          + " mirror images by up to " + asymmetry + " where the largest entry is " + largest + " (allowed: "
          + tolerance + " of it); pass (A + Aᵀ)/2 if that is meant");
    }
    return largest;
  }

  private static double max(double[] numbers) {
    double max = 0;
    for (double number : numbers) {
      max = Math.max(max, number);
    }
    return max;
  }}
