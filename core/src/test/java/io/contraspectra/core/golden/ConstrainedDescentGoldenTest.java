package io.contraspectra.core.golden;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.data.Samplers;
import io.contraspectra.core.loss.Losses;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.manifold.Representations;
import io.contraspectra.core.manifold.Retraction;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.optimize.Optimizers;
import io.contraspectra.core.random.RandomStreams;
import io.contraspectra.core.training.Constraints;
import io.contraspectra.core.training.Descent;
import io.contraspectra.core.training.NormConstraint;
import io.contraspectra.core.training.QuadraticEnergy;
import io.contraspectra.core.training.Towers;
import io.contraspectra.core.training.Trainer;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Descents with constraints against independent programs: orthonormal readouts and layers of bounded norm. */
class ConstrainedDescentGoldenTest {

  private static final double TRAJECTORY = 1e-10;

  @EveryBackend
  void orthogonalReadout(Backend backend) {
    orthogonal(backend, "ntk/shared-orth-erf", Activation.ERF);
    orthogonal(backend, "ntk/shared-orth-relu", Activation.RELU);
  }

  private static void orthogonal(Backend backend, String name, Activation activation) {
    try (Golden golden = Golden.open(name)) {
      for (String kind : List.of("frozen", "trained")) {
        orthogonal(backend, golden, activation, kind);
      }
    }
  }

  private static void orthogonal(Backend backend, Golden golden, Activation activation, String kind) {
    int steps = (int) golden.number("T");
    try (Network network = GoldenNetworks.twoLayer(golden, activation, backend);
        Matrix x = golden.matrix("X", backend);
        Matrix p = golden.matrix("Xp", backend);
        Matrix q = golden.matrix("Xq", backend);
        Matrix v = golden.matrix("V", backend);
        Matrix s0 = golden.matrix("S0", backend);
        Matrix values = backend.zeros(DType.F64, 1, s0.rows());
        Towers towers = Towers.shared(network)) {
      Constraints constraints = Constraints.NONE
          .freezing(kind.equals("frozen") ? Set.of(1) : Set.of())
          .withOrthogonalReadout(Retraction.QR, golden.number("etaW"));
      var sampler = Samplers.given(backend, List.of(x, p, q), (int) x.rows(), RandomStreams.of(0));
      try (var trainer = new Trainer(towers, Losses.named("dot-linear", Map.of()), SideArrays.NONE, sampler,
          Descent.of(Optimizers.GD, golden.number("etaV")), constraints)) {
        var history = new double[steps];
        for (int step = 0; step < steps; step++) {
          history[step] = trainer.evaluate();
          trainer.update();
          assertOrthonormal(backend, network.parameters().weight(2));
        }
        golden.assertClose(kind + "_hist", history, 1e-9);
      }
      try (Matrix w = transposed(backend, network.parameters().weight(2));
          Matrix f = network.apply(x)) {
        golden.assertClose(kind + "_W_T", w, 1e-9);
        golden.assertClose(kind + "_F_T", f, 1e-9);
        backend.eigh(s0, values);
        try (Matrix u0 = transposed(backend, s0.rowRange(s0.rows() - w.cols(), w.cols()))) {
          double distance = Subspaces.compare(backend, w, u0).projectionDistance();
          assertEquals(golden.number(kind + "_pd_W_U0"), distance, 1e-8);
          try (Network start = network.copy()) {
            backend.copy(v, start.parameters().weight(1));
            backend.copy(s0.rowRange(s0.rows() - w.cols(), w.cols()), start.parameters().weight(2));
            try (Matrix f0 = start.apply(x)) {
              assertEquals(golden.number(kind + "_cka"), Representations.linearCka(backend, f, f0), 1e-9);
            }
          }
        }
      }
      if (kind.equals("trained")) {
        golden.assertClose("trained_V_T", network.parameters().weight(1), 1e-9);
      } else {
        assertEquals(0, backend.distance(v, network.parameters().weight(1)), "frozen");
      }
    }
  }

  private static void assertOrthonormal(Backend backend, Matrix weight) {
    try (Matrix frame = transposed(backend, weight)) {
      assertTrue(Stiefel.defect(backend, frame) <= 1e-12);
    }
  }

  private static Matrix transposed(Backend backend, Matrix m) {
    Matrix t = backend.zeros(m.dtype(), m.cols(), m.rows());
    backend.transpose(m, t);
    return t;
  }

  /** On unit vectors a linear network's embeddings are its product matrix, and the energy is tr(WXWᵀ)/2. */
  @EveryBackend
  void deepLinear(Backend backend) {
    try (Golden golden = Golden.open("dyn/shared-deeplinear")) {
      for (int c = 0; c < 3; c++) {
        deepLinear(backend, golden, "c" + c + "_", c + 1);
      }
    }
  }

  private static void deepLinear(Backend backend, Golden golden, String prefix, int layers) {
    try (Matrix x = golden.matrix(prefix + "X", backend);
        Matrix unit = backend.zeros(DType.F64, x.rows(), x.rows());
        Network network = network(backend, golden, prefix, layers, Activation.IDENTITY, "_0");
        Towers towers = Towers.shared(network)) {
      backend.shiftDiagonal(1, unit);
      var sampler = Samplers.given(backend, List.of(unit), (int) x.rows(), RandomStreams.of(0));
      try (var trainer = new Trainer(towers, new QuadraticEnergy(x), SideArrays.NONE, sampler,
          Descent.of(Optimizers.GD, golden.number(prefix + "eta")),
          Constraints.NONE.withNorms(Collections.nCopies(layers, NormConstraint.BALL)))) {
        trainer.run(1);
        assertWeights(golden, prefix, network, "_1", 1e-12);
        trainer.run(39);
        assertWeights(golden, prefix, network, "_40", TRAJECTORY);
        // A6: every run ends at the top eigenvector, with rank one in every layer.
        trainer.run(6000);
        assertEquals(golden.number(prefix + "final_obj"), -2 * trainer.evaluate(),
            TRAJECTORY * golden.number(prefix + "lam1"));
        assertEquals(1, -2 * trainer.loss() / golden.number(prefix + "lam1"), 1e-6);
        Matrix f = trainer.embeddings();
        try (Matrix product = backend.zeros(DType.F64, x.rows(), x.rows())) {
          backend.gemm(NO, YES, 1, f, f, 0, product);
          golden.assertClose(prefix + "final_WtW", product, 1e-8);
          golden.assertClose(prefix + "v1v1T", product, 1e-8);
        }
      }
    }
  }

  private static Network network(
      Backend backend, Golden golden, String prefix, int layers, Activation activation, String suffix) {
    int[] widths = new int[layers + 1];
    for (int layer = 1; layer <= layers; layer++) {
      try (Matrix w = golden.matrix(prefix + "W" + layer + suffix, backend)) {
        widths[layer - 1] = (int) w.cols();
        widths[layer] = (int) w.rows();
      }
    }
    var architecture = new Architecture(IntStream.of(widths).boxed().toList(), activation,
        DoubleStream.generate(() -> 1).limit(layers).boxed().toList(), false, 1);
    Network network = Network.zeros(architecture, backend, DType.F64);
    for (int layer = 1; layer <= layers; layer++) {
      network.parameters().weight(layer).copyFrom(golden.doubles(prefix + "W" + layer + suffix));
    }
    return network;
  }

  private static void assertWeights(
      Golden golden, String prefix, Network network, String suffix, double tolerance) {
    for (int layer = 1; layer <= network.architecture().layers(); layer++) {
      golden.assertClose(prefix + "W" + layer + suffix, network.parameters().weight(layer), tolerance);
    }
  }

  /** The real network on points and positives, with the importance fixed: value, gradient and 40 projected steps. */
  @EveryBackend
  void reluTwoLayers(Backend backend) {
    try (Golden golden = Golden.open("dyn/shared-relu2")) {
      for (String prefix : List.of("c0_", "c1_")) {
        reluTwoLayers(backend, golden, prefix);
      }
    }
  }

  private static void reluTwoLayers(Backend backend, Golden golden, String prefix) {
    double[] alpha = golden.doubles(prefix + "alpha");
    try (Matrix x = golden.matrix(prefix + "x", backend);
        Matrix xp = golden.matrix(prefix + "xp", backend);
        Network network = network(backend, golden, prefix, 2, Activation.RELU, "");
        Matrix inputs = backend.zeros(DType.F64, 2 * x.rows(), x.cols());
        Matrix energy = energy(backend, alpha, (int) x.rows());
        Towers towers = Towers.shared(network)) {
      backend.copy(x, inputs.rowRange(0, x.rows()));
      backend.copy(xp, inputs.rowRange(x.rows(), x.rows()));
      var sampler = Samplers.given(backend, List.of(inputs), (int) inputs.rows(), RandomStreams.of(0));
      try (var trainer = new Trainer(towers, new QuadraticEnergy(energy), SideArrays.NONE, sampler,
          Descent.of(Optimizers.GD, golden.number(prefix + "eta")),
          Constraints.NONE.withNorms(List.of(NormConstraint.UNIT_ROWS, NormConstraint.BALL)))) {
        assertEquals(golden.number(prefix + "E"), -trainer.evaluate(), 1e-12 * Math.abs(golden.number(prefix + "E")));
        double[] gradient = DoubleStream.of(trainer.gradient().toArray()).map(g -> -g).toArray();
        int hidden = (int) network.parameters().weight(1).size();
        golden.assertClose(prefix + "gW1", Arrays.copyOf(gradient, hidden), 1e-12);
        golden.assertClose(prefix + "gW2", Arrays.copyOfRange(gradient, hidden, gradient.length), 1e-12);
        trainer.run(40);
        golden.assertClose(prefix + "W1_40", network.parameters().weight(1), TRAJECTORY);
        golden.assertClose(prefix + "W2_40", network.parameters().weight(2), TRAJECTORY);
      }
    }
  }

  /** Q over [z; z'] with E = tr([z; z']ᵀ Q [z; z'])/2: [[Lap − B, B], [B, −B]]/n (alphacl.md 1). */
  private static Matrix energy(Backend backend, double[] alpha, int n) {
    var q = new double[4 * n * n];
    for (int i = 0; i < n; i++) {
      double b = 0;
      for (int j = 0; j < n; j++) {
        double s = alpha[i * n + j] + alpha[j * n + i];
        q[i * 2 * n + j] -= s / n;
        q[i * 2 * n + i] += s / n;
        b += alpha[i * n + j] / n;
      }
      q[i * 2 * n + i] -= b;
      q[i * 2 * n + n + i] += b;
      q[(n + i) * 2 * n + i] += b;
      q[(n + i) * 2 * n + n + i] -= b;
    }
    Matrix matrix = backend.zeros(DType.F64, 2L * n, 2L * n);
    matrix.copyFrom(q);
    return matrix;
  }
}
