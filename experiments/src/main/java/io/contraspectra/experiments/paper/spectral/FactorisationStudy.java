package io.contraspectra.experiments.paper.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.loss.LossEvaluation;
import io.contraspectra.core.spectral.Embedding;
import io.contraspectra.core.spectral.SpectralContrastive;
import io.contraspectra.core.spectral.SquaredSimClr;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.paper.spectral.Descent.Unique;
import io.contraspectra.experiments.paper.spectral.Relation.Centring;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** S2: squared SimCLR and the spectral contrastive loss end at a spectral factorisation (spectral.md 3). */
final class FactorisationStudy implements Study {

  static final String FAMILY = "SimCLR";
  static final String SIMCLR_TRACE = "squared SimCLR";
  static final String SPECTRAL_TRACE = "spectral contrastive";
  private static final int OUTPUTS = 4;

  @Override
  public String name() {
    return "factorisation";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    try (Relation relation = Relation.ofNeighbours(backend, random)) {
      var descent = new Descent(backend, random, sheet, FAMILY);
      try (Embedding form = SquaredSimClr.embedding(backend, relation.graph(), OUTPUTS, false);
          LossEvaluation loss = Descent.catalogue(relation, OUTPUTS, "graph-simclr-sq", Map.of())) {
        descent.points(descent.traced(SIMCLR_TRACE, loss::evaluate, form.optimum().orElseThrow()), form, Unique.GRAM,
            _ -> { });
      }
      try (Embedding form = SquaredSimClr.embedding(backend, relation.graph(), OUTPUTS, true);
          MomentLoss loss = MomentLoss.simClr(relation, Centring.PLAIN)) {
        descent.points(loss, form, Unique.GRAM, _ -> { });
      }
      try (Embedding form = SpectralContrastive.embedding(backend, relation.graph(), OUTPUTS);
          LossEvaluation loss = Descent.catalogue(relation, OUTPUTS, "graph-spectral", Map.of())) {
        descent.points(descent.traced(SPECTRAL_TRACE, loss::evaluate, form.optimum().orElseThrow()), form,
            Unique.GRAM, _ -> { });
      }
    }
    return sheet;
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gates.reached("spectral:S2", "From any start squared SimCLR, with the relation centred or not, and"
        + " the spectral contrastive loss end at the top eigenvectors of their relation, scaled by the roots of their"
        + " eigenvalues: global embeddings, as scaling and kernel PCA are.", FAMILY));
  }
}
