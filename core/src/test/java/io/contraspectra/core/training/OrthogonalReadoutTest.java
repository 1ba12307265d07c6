package io.contraspectra.core.training;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.data.Samplers;
import io.contraspectra.core.data.TripletSamplers;
import io.contraspectra.core.data.Triplets;
import io.contraspectra.core.loss.Losses;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.manifold.Retraction;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Propagation;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import io.contraspectra.core.optimize.Optimizers;
import io.contraspectra.core.random.RandomStreams;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The exact statements G7, G8 and G10 of ntk.md 3b, with the feature matrix S formed entry by entry. */
class OrthogonalReadoutTest {

  private static final int WIDTH = 64;
  private static final int OUTPUTS = 2;

  @EveryBackend
  void onFrozenFeaturesTheReadoutFindsThePrincipalComponents(Backend backend) {
    for (Activation activation : List.of(Activation.RELU, Activation.ERF)) {
      try (var learner = new Learner(backend, activation, true)) {
        learner.advance(200);
        assertTrue(learner.distance(learner.frame(), learner.start) <= 1e-10, "G7: pd(W, U_0)");
        assertEquals(-learner.start.sum(), learner.trainer.evaluate(), 1e-12, "G7: the objective");
      }
    }
  }

  @EveryBackend
  void trainedFeaturesTurnTheirComponentsByNoMoreThanDavisAndKahanAllow(Backend backend) {
    for (Activation activation : List.of(Activation.RELU, Activation.ERF)) {
      try (var learner = new Learner(backend, activation, false)) {
        for (int round = 0; round < 4; round++) {
          learner.advance(25);
          try (Components now = learner.components()) {
            double turned = Math.sqrt(OUTPUTS) * learner.distance(now.frame, learner.start);
            double moved = backend.distance(now.s, learner.start.s);
            assertTrue(turned > 1e-3 && turned <= 2 * moved / learner.start.gap(), "G10: " + turned + ", " + moved);
          }
        }
      }
    }
  }

  /** S and its eigenvectors. */
  private record Components(Matrix s, EigenPairs pairs, Matrix frame) implements AutoCloseable {

    double value(int i) {
      return pairs.values().get(0, i);
    }

    double sum() {
      return value(0) + value(1);
    }

    double gap() {
      return value(OUTPUTS - 1) - value(OUTPUTS);
    }

    @Override
    public void close() {
      frame.close();
      pairs.close();
      s.close();
    }
  }

  private static final class Learner implements AutoCloseable {

    private final Backend backend;
    private final Matrix inputs;
    private final Network network;
    private final Towers towers;
    private final Trainer trainer;
    private final Components start;
    private final Matrix frame;

    Learner(Backend backend, Activation activation, boolean frozen) {
      this.backend = backend;
      RandomStreams streams = RandomStreams.of(3);
      Triplets triplets = TripletSamplers.clusters(30, 8, OUTPUTS + 1, streams.named("triplets"));
      inputs = triplets.stacked(backend, DType.F64);
      network = Network.gaussian(
          Architecture.ntk(activation, 8, WIDTH, OUTPUTS), backend, DType.F64, streams.named("network"));
      frame = Stiefel.random(backend, DType.F64, WIDTH, OUTPUTS, streams.named("frame"));
      backend.transpose(frame, network.parameters().weight(2));
      start = components();
      towers = Towers.shared(network);
      double largest = Math.max(start.value(0), -start.value(WIDTH - 1));
      trainer = new Trainer(towers, Losses.named("dot-linear", Map.of()), SideArrays.NONE,
          Samplers.given(backend, List.of(inputs.rowRange(0, 30), inputs.rowRange(30, 30), inputs.rowRange(60, 30)), 30,
              streams),
          Descent.of(Optimizers.GD, 1), Constraints.NONE.freezing(frozen ? Set.of(1) : Set.of())
              .withOrthogonalReadout(Retraction.QR, 0.4 / largest));
    }

    void advance(int steps) {
      for (int step = 0; step < steps; step++) {
        trainer.run(1);
        assertTrue(Stiefel.defect(backend, frame()) <= 1e-12, "G8 at step " + trainer.step());
      }
    }

    Matrix frame() {
      backend.transpose(network.parameters().weight(2), frame);
      return frame;
    }

    double distance(Matrix a, Components b) {
      return Subspaces.compare(backend, a, b.frame).projectionDistance();
    }

    /** {@code S = (C + Cᵀ)/2} with {@code C = Hᵀ(H⁺ − H⁻)/(NM)}. */
    Components components() {
      try (var pass = new Propagation(network, 90); Matrix c = backend.zeros(DType.F64, WIDTH, WIDTH)) {
        pass.forward(inputs);
        Matrix h = pass.activation(1);
        backend.gemm(YES, NO, 1.0 / (30 * WIDTH), h.rowRange(0, 30), h.rowRange(30, 30), 0, c);
        backend.gemm(YES, NO, -1.0 / (30 * WIDTH), h.rowRange(0, 30), h.rowRange(60, 30), 1, c);
        Matrix s = backend.zeros(DType.F64, WIDTH, WIDTH);
        backend.transpose(c, s);
        backend.add(0.5, c, 0.5, s);
        EigenPairs pairs = Eigensolver.full(backend, s);
        Matrix top = backend.zeros(DType.F64, WIDTH, OUTPUTS);
        backend.transpose(pairs.vectors().rowRange(0, OUTPUTS), top);
        return new Components(s, pairs, top);
      }
    }

    @Override
    public void close() {
      trainer.close();
      towers.close();
      start.close();
      frame.close();
      network.close();
      inputs.close();
    }
  }
}
