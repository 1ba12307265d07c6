package io.contraspectra.experiments.cli;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NotConverged;
import io.contraspectra.core.ntk.EmpiricalNtk;
import io.contraspectra.core.ntk.NtkPlan;
import io.contraspectra.core.ntk.SpectrumPlan;
import io.contraspectra.core.operator.EigenOptions;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import io.contraspectra.core.operator.Operators;
import io.contraspectra.core.operator.SymmetricOperator;
import java.io.PrintWriter;

/** Which eigenpairs are wanted, and how they are to be found. */
final class SpectrumProblem {

  private final Backend backend;
  private final int count;
  private final EigenOptions options;
  private final PrintWriter err;
  private SpectrumMethod method;

  SpectrumProblem(Backend backend, SpectrumMethod method, int count, EigenOptions options, PrintWriter err) {
    this.backend = backend;
    this.method = method;
    this.count = count;
    this.options = options;
    this.err = err;
  }

  /** The method, once it is decided. */
  SpectrumMethod method() {
    return method;
  }

  /** Whether the method decomposes a whole matrix. */
  boolean isDense() {
    return method == SpectrumMethod.FULL;
  }

  /** The same for a matrix of n rows; decides what {@code auto} means. */
  boolean isDense(long size) {
    if (method == SpectrumMethod.AUTO) {
      method = Eigensolver.isBetterDense(size, count) ? SpectrumMethod.FULL : SpectrumMethod.KRYLOV;
    }
    return isDense();
  }

  /** Pairs of a matrix; where all are found, their residuals are estimates until they are {@link #measured}. */
  EigenPairs of(Matrix a) {
    if (isDense(a.rows())) {
      return Eigensolver.range(backend, a, 0, count);
    }
    try (SymmetricOperator operator = Operators.explicit(backend, a); WorkBar bar = bar()) {
      return iterated(operator, bar);
    }
  }

  /** Pairs of a kernel that is formed for it. */
  EigenPairs ofStored(EmpiricalNtk ntk, NtkKind kind, Matrix x, NtkPlan plan) {
    method = SpectrumMethod.FULL;
    try (Matrix gram = backend.zeros(x.dtype(), plan.rows(), plan.cols())) {
      kind.compute(ntk, x, null, gram);
      return measured(gram, Eigensolver.range(backend, gram, 0, count));
    }
  }

  /** Pairs of a kernel in the form of a plan. */
  EigenPairs of(EmpiricalNtk ntk, NtkKind kind, Matrix x, SpectrumPlan plan) {
    if (method == SpectrumMethod.AUTO) {
      method = SpectrumMethod.KRYLOV;
    }
    try (WorkBar bar = bar();
        SymmetricOperator operator = kind.operator(plan, ntk.withProgress(bar::product), x)) {
      return iterated(operator, bar);
    }
  }

  private WorkBar bar() {
    boolean randomized = method == SpectrumMethod.RANDOMIZED;
    return new WorkBar(err, "spectrum", randomized ? options.passes() : 6.0 * count,
        randomized && options.landmarks() > 0);
  }

  private EigenPairs iterated(SymmetricOperator operator, WorkBar bar) {
    EigenOptions watched = options.withProgress(bar::solver);
    return method == SpectrumMethod.RANDOMIZED ? Eigensolver.randomized(operator, count, watched)
        : Eigensolver.largest(operator, count, watched);
  }

  /**
   * The same pairs with residuals that no method has estimated, held to the tolerance.
   *
   * @param found pairs of A; taken over
   */
  EigenPairs measured(Matrix a, EigenPairs found) {
    if (!isDense()) {
      return found;
    }
    EigenPairs pairs = count < a.rows() ? found : Eigensolver.measured(Operators.explicit(backend, a), found);
    if (options.tolerance() > 0 && pairs.worstResidual() > options.tolerance()) {
      double worst = pairs.worstResidual();
      pairs.close();
      throw new NotConverged("spectrum: the residuals of a full decomposition reach " + worst + ", not "
          + options.tolerance() + "; no method reaches less in this element type");
    }
    return pairs;
  }
}
