package io.contraspectra.experiments.paper.alphacl;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.loss.AlphaEvaluation;
import io.contraspectra.core.loss.AlphaLoss;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.experiments.report.Series;
import java.util.ArrayList;
import java.util.List;

/** How the importances weigh negatives by their distance, worked out for one anchor. */
final class ImportanceShapes {

  private static final int NEGATIVES = 30;
  private static final double FARTHEST = 1.5;

  private ImportanceShapes() {}

  /** One series an importance: alpha against halved squared distances that are spaced evenly from 0.05 to 1.5. */
  static List<Series> series(Backend backend) {
    var distances = new double[NEGATIVES];
    var points = new double[2 * (NEGATIVES + 1)];
    for (int j = 1; j <= NEGATIVES; j++) {
      distances[j - 1] = FARTHEST * j / NEGATIVES;
      points[j] = Math.sqrt(2 * distances[j - 1]);
      points[NEGATIVES + 1 + j] = points[j];
    }
    var series = new ArrayList<Series>();
    try (Matrix embeddings = backend.matrix(2L * (NEGATIVES + 1), 1, points);
        Matrix alpha = backend.zeros(DType.F64, NEGATIVES + 1, NEGATIVES + 1)) {
      for (Objective objective : Objective.values()) {
        if (objective.isDesigned()) {
          series.add(of(objective, distances, embeddings, alpha, backend));
        }
      }
    }
    return series;
  }

  private static Series of(
      Objective objective, double[] distances, Matrix embeddings, Matrix alpha, Backend backend) {
    AlphaLoss loss = objective.ofAnchors();
    try (AlphaEvaluation evaluation = loss.evaluation(backend, DType.F64, NEGATIVES + 1, 1)) {
      evaluation.importance(embeddings, alpha);
      return Series.line(objective.label(), distances, alpha.block(0, 1, 1, NEGATIVES).toArray());
    }
  }
}
