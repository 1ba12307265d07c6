package io.contraspectra.core.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Parameters;
import io.contraspectra.core.network.Propagation;
import io.contraspectra.core.network.TestNetworks;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A1 and A2 of alphacl.md 10 by definition: the pairwise importance is {@code phi'(xi_i) psi'(u_ij)}, and the gradient
 * with respect to the parameters of a network is minus that of the energy, for anchors and views, raw and unit rows.
 */
class AlphaDerivativesTest {

  private static final int N = 6;
  private static final int K = 3;
  private static final int SEEDS = 5;
  private static final double TAU = .5;
  private static final double MARGIN = .3;
  private static final Architecture ARCHITECTURE = Architecture.ntk(Activation.TANH, 5, 8, K);

  /** A number with its derivative. */
  private record Dual(double value, double slope) {

    Dual plus(double c) {
      return new Dual(value + c, slope);
    }

    Dual times(double c) {
      return new Dual(c * value, c * slope);
    }

    Dual exp() {
      return new Dual(Math.exp(value), slope * Math.exp(value));
    }

    Dual log() {
      return new Dual(Math.log(value), slope / value);
    }

    Dual positivePart() {
      return value > 0 ? this : new Dual(0, 0);
    }

    Dual square() {
      return new Dual(value * value, 2 * value * slope);
    }

    Dual logistic() {
      double s = 1 / (1 + Math.exp(-value));
      return new Dual(s, s * (1 - s) * slope);
    }
  }

  /** The table of alphacl.md 2. */
  private enum Row {
    INFONCE("infonce", Map.of("eps", "1"), x -> x.plus(1).log().times(TAU), u -> u.times(1 / TAU).exp()),
    DECOUPLED("infonce", Map.of("eps", "0"), x -> x.log().times(TAU), u -> u.times(1 / TAU).exp()),
    MINE("mine", Map.of(), Dual::log, Dual::exp),
    TRIPLET("triplet", Map.of(), x -> x, u -> u.plus(MARGIN).positivePart()),
    SOFT_TRIPLET("soft-triplet", Map.of(), x -> x.plus(1).log().times(TAU), u -> u.times(1 / TAU).plus(MARGIN).exp()),
    NPLUS1("nplus1", Map.of(), x -> x.plus(1).log(), Dual::exp),
    LIFTED("lifted", Map.of(), x -> x.log().positivePart().square(), u -> u.plus(MARGIN).exp()),
    MODIFIED("mod-triplet", Map.of(), x -> x, u -> u.times(2).logistic()),
    CONTRASTIVE("triplet-contrastive", Map.of(), x -> x, u -> u);

    private final AlphaLoss loss;
    private final UnaryOperator<Dual> phi;
    private final UnaryOperator<Dual> psi;

    Row(String name, Map<String, String> constants, UnaryOperator<Dual> phi, UnaryOperator<Dual> psi) {
      this.loss = (AlphaLoss) Losses.named("alpha-" + name, constants);
      this.phi = phi;
      this.psi = psi;
    }
  }

  @EveryBackend
  void byDefinition(Backend backend) {
    for (int seed = 0; seed < SEEDS; seed++) {
      try (Network network = TestNetworks.gaussian(ARCHITECTURE, backend, DType.F64, seed);
          Matrix inputs = TestNetworks.inputs(backend, DType.F64, 2L * N, 5, seed + 10);
          var propagation = new Propagation(network, 2L * N)) {
        Matrix f = propagation.forward(inputs);
        for (Row row : Row.values()) {
          for (boolean twoViews : new boolean[] {false, true}) {
            AlphaLoss loss = twoViews ? row.loss.ofTwoViews() : row.loss;
            double[] alpha = importance(row, f.toArray(), twoViews);
            assertImportance(backend, loss, f, alpha);
            assertGradient(backend, propagation, f, loss, energyGradient(alpha, f.toArray(), twoViews));
            double[] unit = unit(f.toArray());
            double[] slope = energyGradient(importance(row, unit, twoViews), unit, twoViews);
            assertGradient(backend, propagation, f, new UnitRowLoss(loss), pulledBack(slope, f.toArray(), unit));
          }
        }
      }
    }
  }

  private static void assertImportance(Backend backend, AlphaLoss loss, Matrix f, double[] expected) {
    int n = (int) loss.anchors(N);
    try (AlphaEvaluation evaluation = loss.evaluation(backend, DType.F64, N, K);
        Matrix alpha = backend.zeros(DType.F64, n, n)) {
      evaluation.importance(f, alpha);
      double[] actual = alpha.toArray();
      for (int i = 0; i < actual.length; i++) {
        assertEquals(expected[i], actual[i], 1e-12 * Math.max(1, expected[i]), loss.name());
      }
    }
  }

  /** dL/dtheta = −dE/dtheta. */
  private static void assertGradient(
      Backend backend, Propagation propagation, Matrix f, Loss loss, double[] energyGradient) {
    try (LossEvaluation evaluation = loss.evaluation(backend, DType.F64, N, K);
        Matrix cotangent = backend.zeros(DType.F64, f.rows(), f.cols());
        Matrix ofLoss = backend.zeros(DType.F64, 1, ARCHITECTURE.parameters());
        Matrix ofEnergy = backend.zeros(DType.F64, 1, ARCHITECTURE.parameters())) {
      evaluation.evaluate(f, cotangent);
      propagation.gradient(cotangent, new Parameters(ARCHITECTURE, ofLoss));
      cotangent.copyFrom(energyGradient);
      propagation.gradient(cotangent, new Parameters(ARCHITECTURE, ofEnergy));
      double size = backend.norm(ofLoss);
      backend.add(1, ofEnergy, 1, ofLoss);
      assertEquals(0, backend.norm(ofLoss), 1e-12 * size, loss.name());
    }
  }

  private static int anchors(boolean twoViews) {
    return twoViews ? 2 * N : N;
  }

  private static int positive(int anchor) {
    return (anchor + N) % (2 * N);
  }

  private static double[] importance(Row row, double[] z, boolean twoViews) {
    int n = anchors(twoViews);
    var alpha = new double[n * n];
    for (int i = 0; i < n; i++) {
      var psi = new Dual[n];
      double xi = 0;
      for (int j = 0; j < n; j++) {
        if (j != i && j != positive(i)) {
          psi[j] = row.psi.apply(new Dual(distance(z, i, positive(i)) - distance(z, i, j), 1));
          xi += psi[j].value();
        }
      }
      double outer = row.phi.apply(new Dual(xi, 1)).slope();
      for (int j = 0; j < n; j++) {
        alpha[i * n + j] = j != i && j != positive(i) ? outer * psi[j].slope() : 0;
      }
    }
    return alpha;
  }

  private static double distance(double[] z, int i, int j) {
    double sum = 0;
    for (int k = 0; k < K; k++) {
      double difference = z[i * K + k] - z[j * K + k];
      sum += difference * difference / 2;
    }
    return sum;
  }

  /** The derivative of {@code Σ alpha_ij (d_ij² − d_i²)}, pair by pair. */
  private static double[] energyGradient(double[] alpha, double[] z, boolean twoViews) {
    int n = anchors(twoViews);
    var gradient = new double[z.length];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        pull(gradient, z, i, j, alpha[i * n + j]);
        pull(gradient, z, i, positive(i), -alpha[i * n + j]);
      }
    }
    return gradient;
  }

  private static void pull(double[] gradient, double[] z, int i, int j, double weight) {
    for (int k = 0; k < K; k++) {
      double difference = weight * (z[i * K + k] - z[j * K + k]);
      gradient[i * K + k] += difference;
      gradient[j * K + k] -= difference;
    }
  }

  private static double[] unit(double[] f) {
    double[] unit = f.clone();
    for (int i = 0; i < f.length; i++) {
      unit[i] = f[i] / norm(f, i / K);
    }
    return unit;
  }

  private static double norm(double[] f, int row) {
    double squares = 0;
    for (int k = row * K; k < (row + 1) * K; k++) {
      squares += f[k] * f[k];
    }
    return Math.sqrt(squares);
  }

  /** {@code (g − <g, u> u)/‖f‖} row by row. */
  private static double[] pulledBack(double[] g, double[] f, double[] unit) {
    var pulled = new double[g.length];
    for (int i = 0; i < g.length; i++) {
      double along = 0;
      for (int k = i / K * K; k < (i / K + 1) * K; k++) {
        along += g[k] * unit[k];
      }
      pulled[i] = (g[i] - along * unit[i]) / norm(f, i / K);
    }
    return pulled;
  }
}
