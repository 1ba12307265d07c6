package io.contraspectra.experiments.paper.spectral;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.graph.Relations;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.spectral.BarlowTwins;
import io.contraspectra.core.spectral.Embedding;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.paper.spectral.Descent.Unique;
import io.contraspectra.experiments.paper.spectral.Relation.Centring;
import java.util.List;
import java.util.random.RandomGenerator;

/** S3: Barlow Twins on a graph (spectral.md 4), without a constraint and under {@code ZᵀDZ = I}. */
final class BarlowStudy implements Study {

  static final String FAMILY = "Barlow Twins";
  static final String TRACE = "Barlow Twins";
  private static final int OUTPUTS = 4;
  private static final int CLASSES = 3;

  @Override
  public String name() {
    return "barlow";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    var descent = new Descent(backend, random, sheet, FAMILY);
    try (Relation relation = Relation.ofNeighbours(backend, random)) {
      try (Embedding form = BarlowTwins.unnormalised(backend, relation.graph(), OUTPUTS);
          MomentLoss loss = MomentLoss.barlowTwins(relation)) {
        descent.points(loss, form, Unique.VALUE, _ -> { });
      }
      try (Embedding form = BarlowTwins.constrained(backend, relation.graph(), OUTPUTS);
          var loss = new ConstrainedBarlow(backend, relation.adjacency(1, Centring.BY_DEGREE),
              relation.degrees(1, true))) {
        descent.points(descent.traced(TRACE, loss, form.optimum().orElseThrow()), form, Unique.SPAN,
            z -> relation.centre(z, Centring.BY_DEGREE));
      }
      ofClasses(relation, random, descent);
    }
    return sheet;
  }

  /** As many columns as classes and one more: those that have no positive eigenvalue stay at their price of 1. */
  private static void ofClasses(Relation relation, RandomGenerator random, Descent descent) {
    Backend backend = relation.backend();
    RelationGraph classes = Relations.labels(random.ints(Relation.SAMPLES, 0, CLASSES).toArray());
    try (Relation labelled = Relation.of(backend, backend.copyOf(relation.x(), DType.F64), classes);
        Embedding form = BarlowTwins.unnormalised(backend, classes, OUTPUTS);
        MomentLoss loss = MomentLoss.barlowTwins(labelled);
        Matrix seen = labelled.adjacency(1, Centring.PLAIN)) {
      // HGH is a projector: the loss sees its image of Z, and nothing else.
      descent.points(loss, form, Unique.GRAM, z -> {
        try (Matrix all = backend.copyOf(z, DType.F64)) {
          backend.gemm(NO, NO, 1, seen, all, 0, z);
        }
      });
    }
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gates.reachedWithSpans("spectral:S3", "From any start Barlow Twins ends at its closed form:"
        + " without a constraint its price is the number of columns that find no positive eigenvalue; under ZᵀDZ = I it"
        + " spans the top eigenvectors of the normalised relation, as canonical correlations do.", FAMILY));
  }
}
