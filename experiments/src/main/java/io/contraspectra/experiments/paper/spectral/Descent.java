package io.contraspectra.experiments.paper.spectral;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.loss.LossEvaluation;
import io.contraspectra.core.loss.Losses;
import io.contraspectra.core.loss.SideArray;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.optimize.Lbfgs;
import io.contraspectra.core.optimize.Objective;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.core.spectral.Embedding;
import io.contraspectra.experiments.paper.Measured;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Descents from three random starts, and how far each ends from a closed form. One thread. */
final class Descent {

  private static final int STARTS = 3;
  private static final int PAIRS = 20;
  private static final Lbfgs.Stop STOP = new Lbfgs.Stop(1e-9, 1e-16, 3000);

  private final Backend backend;
  private final RandomGenerator random;
  private final Measured.Sheet sheet;
  private final String family;

  /**
   * Descents whose worst distances are recorded.
   *
   * @param family first part of the names of the quantities
   */
  Descent(Backend backend, RandomGenerator random, Measured.Sheet sheet, String family) {
    this.backend = backend;
    this.random = random;
    this.sheet = sheet;
    this.family = family;
  }

  /** What of a form is unique. */
  enum Unique {
    /** The Gram matrix. */
    GRAM,
    /** The span of the columns. */
    SPAN,
    /** The least value alone. */
    VALUE
  }

  static String gapName(String family) {
    return "loss gap, " + family;
  }

  static String gramName(String family) {
    return "Gram error, " + family;
  }

  static String sineName(String family) {
    return "sine of the span, " + family;
  }

  /** The same descents, the first of which leaves a trace in the sheet under a name of its own. */
  Objective traced(String name, Objective loss, double optimum) {
    return new GapTrace(name, loss, optimum, sheet);
  }

  /** Descent in the points. */
  void points(Objective loss, Embedding form, Unique unique, Consumer<Matrix> normalise) {
    compare(loss, form.points(), form.optimum().orElseThrow(), unique, normalise);
  }

  /** Descent in the weights of an encoder. */
  void weights(Objective loss, Embedding form, Unique unique) {
    compare(loss, form.map().orElseThrow().weights(), form.optimum().orElseThrow(), unique, _ -> { });
  }

  /**
   * Descends from every start and records the largest distances, that of the form's own value included.
   *
   * @param form what the descents should end at
   * @param normalise takes from points, in place, what the loss does not see
   */
  void compare(Objective loss, Matrix form, double optimum, Unique unique, Consumer<Matrix> normalise) {
    try (Matrix z = backend.zeros(DType.F64, form.rows(), form.cols());
        Matrix gradient = backend.zeros(DType.F64, form.rows(), form.cols());
        var lbfgs = new Lbfgs(backend, z, PAIRS)) {
      sheet.largest(gapName(family), Math.abs(loss.evaluate(form, gradient) - optimum));
      for (int start = 0; start < STARTS; start++) {
        z.copyFrom(RandomDraws.gaussian(random, Math.toIntExact(z.size())));
        double reached = lbfgs.minimise(loss, z, STOP).value();
        if (loss instanceof GapTrace trace) {
          trace.end();
        }
        sheet.largest(gapName(family), Math.abs(reached - optimum));
        normalise.accept(z);
        switch (unique) {
          case GRAM -> sheet.largest(gramName(family), gramError(backend, form, z));
          case SPAN -> sheet.largest(sineName(family), Subspaces.compare(backend, form, z).spectral());
          case VALUE -> { }
        }
      }
    }
  }

  /** {@code ‖ZZᵀ − FFᵀ‖/‖FFᵀ‖}. */
  static double gramError(Backend backend, Matrix form, Matrix z) {
    try (Matrix expected = backend.zeros(DType.F64, form.rows(), form.rows());
        Matrix actual = backend.zeros(DType.F64, form.rows(), form.rows())) {
      backend.gemm(NO, YES, 1, form, form, 0, expected);
      backend.gemm(NO, YES, 1, z, z, 0, actual);
      return backend.distance(expected, actual) / backend.norm(expected);
    }
  }

  /** A graph loss of the catalogue on this relation; to be closed by the caller. */
  static LossEvaluation catalogue(Relation relation, int k, String name, Map<String, String> constants) {
    return Losses.named(name, constants).evaluation(relation.backend(), DType.F64, relation.samples(), k,
        SideArrays.of(SideArray.GRAPH, relation.g()));
  }
}
