package io.contraspectra.experiments.cli;

import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.ntk.EmpiricalNtk;
import io.contraspectra.core.ntk.NtkPlan;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ntk} is asked for: a kernel, or its products with vectors.
 *
 * @param x samples of the kernel's rows
 * @param y samples of its columns; null if they are X
 * @param vectors the vectors, one a row; null if the kernel itself is wanted
 */
record NtkRequest(NtkKind kind, Matrix x, @Nullable Matrix y, @Nullable Matrix vectors) {

  /** Columns of the kernel of a network with so many outputs. */
  long cols(long outputs) {
    long samples = y == null ? x.rows() : y.rows();
    return kind == NtkKind.FULL ? samples * outputs : samples;
  }

  /** What it is, for messages. */
  String describe(long outputs) {
    long rows = kind == NtkKind.FULL ? x.rows() * outputs : x.rows();
    return "the " + (vectors == null ? "" : "product of " + vectors.rows() + " vectors with the ") + rows + "x"
        + cols(outputs) + " Gram of " + x.rows() + " samples and " + outputs + " outputs";
  }

  /** What it costs. */
  NtkPlan plan(EmpiricalNtk ntk) {
    if (vectors == null) {
      return kind.plan(ntk, x.rows(), y == null ? null : y.rows());
    }
    return switch (kind) {
      case FULL -> y == null ? ntk.applyPlan(x.rows(), vectors.rows())
          : ntk.crossApplyPlan(x.rows(), y.rows(), vectors.rows());
      case TRACE -> y == null ? ntk.traceApplyPlan(x.rows(), vectors.rows())
          : ntk.traceCrossApplyPlan(x.rows(), y.rows(), vectors.rows());
    };
  }

  /**
   * Computes it.
   *
   * @param result the kernel, or one product a row; overwritten
   */
  void compute(EmpiricalNtk ntk, Matrix result) {
    if (vectors == null) {
      kind.compute(ntk, x, y, result);
    } else {
      Matrix cols = y == null ? x : y;
      switch (kind) {
        case FULL -> ntk.crossApply(x, cols, vectors, result);
        case TRACE -> ntk.traceCrossApply(x, cols, vectors, result);
      }
    }
  }
}
