package io.contraspectra.experiments.paper.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.graph.Relations;
import io.contraspectra.core.loss.LossEvaluation;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.optimize.Lbfgs;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.core.spectral.Embedding;
import io.contraspectra.core.spectral.GraphInfoNce;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.paper.spectral.Descent.Unique;
import io.contraspectra.experiments.paper.spectral.Relation.Centring;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;

/**
 * S5 and S6: exact InfoNCE is scaling where its relation is one of points, kernel PCA where it is weak (spectral.md 3).
 */
final class InfoNceStudy implements Study {

  static final double[] WEAKNESSES = {0.025, 0.05, 0.1, 0.2};
  private static final String DISTANCES = "InfoNCE of distances";
  private static final String COSINES = "InfoNCE of cosines";
  private static final String RATIO = "error at e = 0.05 / at e = 0.025";
  private static final int SAMPLES = Relation.SAMPLES;
  private static final int OUTPUTS = 2;
  private static final int COSINE_OUTPUTS = 4;
  private static final int CLASSES = 3;
  private static final double DISTANCE_TAU = 2;
  private static final double COSINE_TAU = 0.5;
  private static final double NEAR_ZERO = 0.3;

  @Override
  public String name() {
    return "infonce";
  }

  static String weakName(double e) {
    return "Gram error at e = " + e;
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    embeddable(backend, random, sheet);
    RelationGraph classes = Relations.labels(random.ints(Relation.SAMPLES, 0, CLASSES).toArray());
    for (double e : WEAKNESSES) {
      sheet.put(weakName(e), weakError(backend, random, classes, e));
    }
    sheet.put(RATIO, sheet.values().get(weakName(0.05)) / sheet.values().get(weakName(0.025)));
    return sheet;
  }

  /**
   * Relations of points that lie within a kernel's width of each other: descent on those of far outliers, and of unit
   * vectors on a circle, may end where points stand on the wrong side of others.
   */
  private static void embeddable(Backend backend, RandomGenerator random, Measured.Sheet sheet) {
    double[] points = random.doubles((long) SAMPLES * OUTPUTS, -1, 1).toArray();
    double[] units = new double[SAMPLES * COSINE_OUTPUTS];
    for (int i = 0; i < SAMPLES; i++) {
      System.arraycopy(RandomDraws.unitVector(random, COSINE_OUTPUTS), 0, units, i * COSINE_OUTPUTS, COSINE_OUTPUTS);
    }
    try (Relation near = related(backend, points, OUTPUTS, square -> -square / DISTANCE_TAU);
        Embedding form = GraphInfoNce.distances(backend, near.graph(), DISTANCE_TAU, OUTPUTS);
        LossEvaluation loss = Descent.catalogue(near, OUTPUTS, "graph-infonce-dist",
            Map.of("tau", "" + DISTANCE_TAU))) {
      new Descent(backend, random, sheet, DISTANCES).points(loss::evaluate, form, Unique.GRAM,
          z -> near.centre(z, Centring.PLAIN));
    }
    try (Relation alike = related(backend, units, COSINE_OUTPUTS, square -> (1 - square / 2) / COSINE_TAU);
        Embedding form = GraphInfoNce.cosines(backend, alike.graph(), COSINE_TAU, COSINE_OUTPUTS);
        LossEvaluation loss = Descent.catalogue(alike, COSINE_OUTPUTS, "graph-infonce-cos",
            Map.of("tau", "" + COSINE_TAU))) {
      new Descent(backend, random, sheet, COSINES).points(loss::evaluate, form, Unique.GRAM,
          z -> toUnitRows(backend, z));
    }
  }

  /** Points of some dimensions, related by the exponential of a function of their squared distance. */
  private static Relation related(Backend backend, double[] points, int dimensions, DoubleUnaryOperator similarity) {
    var g = new double[SAMPLES * SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
      for (int j = 0; j < SAMPLES; j++) {
        double square = 0;
        for (int c = 0; c < dimensions; c++) {
          double difference = points[i * dimensions + c] - points[j * dimensions + c];
          square += difference * difference;
        }
        g[i * SAMPLES + j] = i == j ? 0 : Math.exp(similarity.applyAsDouble(square));
      }
    }
    try (Matrix dense = backend.matrix(SAMPLES, SAMPLES, g)) {
      return Relation.of(backend, backend.matrix(SAMPLES, dimensions, points), RelationGraph.of(backend, dense));
    }
  }

  private static void toUnitRows(Backend backend, Matrix z) {
    try (Matrix squares = backend.zeros(DType.F64, z.rows(), 1)) {
      backend.rowDots(z, z, squares);
      double[] inverse = squares.toArray();
      for (int i = 0; i < inverse.length; i++) {
        inverse[i] = 1 / Math.sqrt(inverse[i]);
      }
      squares.copyFrom(inverse);
      backend.multiplyColumn(squares, z, z);
    }
  }

  /** Of {@code P = (1 − e) 11ᵀ/N + e P₀}: how far the points of least loss are from kernel PCA of HPH. */
  private static double weakError(Backend backend, RandomGenerator random, RelationGraph classes, double e) {
    int n = classes.vertices();
    RelationGraph weak = Relations.labels(new int[n]).interpolatedWith(e, classes);
    try (Matrix p = weak.toMatrix(backend, DType.F64);
        Embedding form = GraphInfoNce.weakRelation(backend, weak, 1, OUTPUTS);
        Matrix z = backend.matrix(n, OUTPUTS, RandomDraws.gaussian(random, n * OUTPUTS));
        var lbfgs = new Lbfgs(backend, z, 20)) {
      backend.scale(NEAR_ZERO, z);
      lbfgs.minimise(new SelfInfoNce(backend, p), z, new Lbfgs.Stop(1e-10, 0, 2000));
      return Descent.gramError(backend, z, form.points());
    }
  }

  @Override
  public List<Gate> gates() {
    return List.of(
        Gates.reached("spectral:S5", "Exact InfoNCE attains the entropy of a relation that comes from points of as many"
            + " dimensions, and recovers them: by distances as classical scaling does, by cosines up to rotation.",
            DISTANCES, COSINES),
        Gate.of("spectral:S6", "Of a weak relation exact InfoNCE makes kernel PCA, up to an error of first order.",
            Bound.atMost(weakName(0.025), 0.04), Bound.between(RATIO, 1.5, 2.3)));
  }
}
