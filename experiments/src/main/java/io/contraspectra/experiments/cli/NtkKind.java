package io.contraspectra.experiments.cli;

import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.ntk.EmpiricalNtk;
import io.contraspectra.core.ntk.NtkPlan;
import io.contraspectra.core.ntk.SpectrumPlan;
import io.contraspectra.core.operator.SymmetricOperator;
import org.jspecify.annotations.Nullable;

/** The kernels that {@code ntk} offers, of one set of inputs with itself or between two sets. */
enum NtkKind {
  /** All outputs, NK x N'K. */
  FULL {
    @Override
    NtkPlan plan(EmpiricalNtk ntk, long rows, @Nullable Long cols) {
      return cols == null ? ntk.plan(rows) : ntk.crossPlan(rows, cols);
    }

    @Override
    void compute(EmpiricalNtk ntk, Matrix x, @Nullable Matrix y, Matrix gram) {
      if (y == null) {
        ntk.full(x, gram);
      } else {
        ntk.cross(x, y, gram);
      }
    }

    @Override
    SpectrumPlan spectrumPlan(EmpiricalNtk ntk, long samples, int count, int passes) {
      return ntk.fullSpectrumPlan(samples, count, passes, false);
    }

    @Override
    SymmetricOperator operator(SpectrumPlan plan, EmpiricalNtk ntk, Matrix x) {
      return plan.fullOperator(ntk, x);
    }
  },
  /** The mean over outputs, N x N'. */
  TRACE {
    @Override
    NtkPlan plan(EmpiricalNtk ntk, long rows, @Nullable Long cols) {
      return cols == null ? ntk.tracePlan(rows) : ntk.traceCrossPlan(rows, cols);
    }

    @Override
    void compute(EmpiricalNtk ntk, Matrix x, @Nullable Matrix y, Matrix gram) {
      if (y == null) {
        ntk.trace(x, gram);
      } else {
        ntk.traceCross(x, y, gram);
      }
    }

    @Override
    SpectrumPlan spectrumPlan(EmpiricalNtk ntk, long samples, int count, int passes) {
      return ntk.traceSpectrumPlan(samples, count, passes, false);
    }

    @Override
    SymmetricOperator operator(SpectrumPlan plan, EmpiricalNtk ntk, Matrix x) {
      return plan.traceOperator(ntk, x);
    }
  };

  /** What the kernel of that many samples costs; without columns it is symmetric. */
  abstract NtkPlan plan(EmpiricalNtk ntk, long rows, @Nullable Long cols);

  /** Computes the kernel of X with itself, or with Y if there is one. */
  abstract void compute(EmpiricalNtk ntk, Matrix x, @Nullable Matrix y, Matrix gram);

  /** The cheapest form that does not store the kernel, for its leading pairs. */
  abstract SpectrumPlan spectrumPlan(EmpiricalNtk ntk, long samples, int count, int passes);

  /** The kernel of X with itself in the form of a plan; the caller must close it. */
  abstract SymmetricOperator operator(SpectrumPlan plan, EmpiricalNtk ntk, Matrix x);
}
