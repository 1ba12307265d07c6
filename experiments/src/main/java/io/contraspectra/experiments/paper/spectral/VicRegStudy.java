package io.contraspectra.experiments.paper.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.graph.Relations;
import io.contraspectra.core.loss.LossEvaluation;
import io.contraspectra.core.spectral.Embedding;
import io.contraspectra.core.spectral.HingeVicReg;
import io.contraspectra.core.spectral.LaplacianEigenmaps;
import io.contraspectra.core.spectral.VicReg;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.paper.spectral.Descent.Unique;
import io.contraspectra.experiments.paper.spectral.Relation.Centring;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * S1: VICReg of free points ends at scaled Laplacian eigenmaps (spectral.md 2): with equal weights and with unequal
 * ones of both orders, with modes that collapse, weighted by degree, and with a hinge under its condition.
 *
 * @param pairs how often a pair of samples counts in the closed forms of the squared loss; 1 is right
 */
record VicRegStudy(double pairs) implements Study {

  static final String FAMILY = "VICReg";
  static final String TRACE = "VICReg";
  private static final int OUTPUTS = 4;
  private static final int HINGE_OUTPUTS = 2;

  @Override
  public String name() {
    return "vicreg";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    try (Relation relation = Relation.ofNeighbours(backend, random)) {
      double[] lambda = values(LaplacianEigenmaps.unnormalised(backend, relation.graph(), OUTPUTS));
      double last = lambda[OUTPUTS - 1];
      var descent = new Descent(backend, random, sheet, FAMILY);
      squared(relation, descent, 1, 1, 0.5 / last, 0, true);
      squared(relation, descent, 1, 3, 0.4 / last, 1, false);
      squared(relation, descent, 4, 1, 2 / last, 0, false);
      squared(relation, descent, 2, 2, 2 / betweenModes(lambda), 0, false);
      degreeWeighted(relation, descent);
      hinge(relation, descent);
    }
    return sheet;
  }

  private static double[] values(Embedding form) {
    try (form) {
      return form.values();
    }
  }

  /** The middle of the widest relative gap: modes above it collapse where it is alpha/gamma. */
  private static double betweenModes(double[] lambda) {
    int widest = 1;
    for (int k = 1; k < lambda.length; k++) {
      widest = lambda[k] - lambda[k - 1] > lambda[widest] - lambda[widest - 1] ? k : widest;
    }
    return (lambda[widest] + lambda[widest - 1]) / 2;
  }

  private void squared(Relation relation, Descent descent, double alpha, double beta, double gamma, int ddof,
      boolean traced) {
    try (Embedding form = new VicReg(alpha, beta, gamma * pairs, ddof)
            .embedding(relation.backend(), relation.graph(), OUTPUTS);
        LossEvaluation loss = Descent.catalogue(relation, OUTPUTS, "graph-vicreg-sq", Map.of("alpha", "" + alpha,
            "beta", "" + beta, "gamma", "" + gamma, "ddof", "" + ddof))) {
      descent.points(traced ? descent.traced(TRACE, loss::evaluate, form.optimum().orElseThrow()) : loss::evaluate,
          form, Unique.GRAM, z -> relation.centre(z, Centring.PLAIN));
    }
  }

  private void degreeWeighted(Relation relation, Descent descent) {
    double gamma = 0.6;
    try (Embedding form = new VicReg(1, 1, gamma * pairs, 0)
            .degreeWeighted(relation.backend(), relation.graph(), OUTPUTS);
        MomentLoss loss = MomentLoss.degreeVicReg(relation, 1, 1, gamma)) {
      descent.points(loss, form, Unique.GRAM, z -> relation.centre(z, Centring.BY_DEGREE));
    }
  }

  /** Every pair is related a little, so that no mode is at the kink, where descent would stall. */
  private void hinge(Relation relation, Descent descent) {
    Backend backend = relation.backend();
    RelationGraph all = Relations.rawLabels(new int[Relation.SAMPLES]);
    try (Relation mixed = Relation.of(backend, backend.copyOf(relation.x(), relation.x().dtype()),
        relation.graph().interpolatedWith(0.02, all))) {
      double[] lambda = values(LaplacianEigenmaps.unnormalised(backend, mixed.graph(), HINGE_OUTPUTS));
      double gamma = 1.3 / (4 * lambda[0]);
      double beta = 3 * new HingeVicReg(1, 1, gamma).leastBeta(lambda);
      try (Embedding form = new HingeVicReg(1, beta, gamma).embedding(backend, mixed.graph(), HINGE_OUTPUTS);
          LossEvaluation loss = Descent.catalogue(mixed, HINGE_OUTPUTS, "graph-vicreg-hinge",
              Map.of("alpha", "1", "beta", "" + beta, "gamma", "" + gamma))) {
        descent.points(loss::evaluate, form, Unique.GRAM, z -> mixed.centre(z, Centring.PLAIN));
      }
    }
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gates.reached("spectral:S1", "From any start VICReg ends at Laplacian eigenmaps whose modes are"
        + " scaled by the closed form's gains: with any order of its weights, with modes that collapse, weighted by"
        + " degree, and with a hinge where that has a closed form.", FAMILY));
  }
}
