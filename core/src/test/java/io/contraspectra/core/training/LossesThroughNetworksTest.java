package io.contraspectra.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.data.Samplers;
import io.contraspectra.core.loss.AlphaLoss;
import io.contraspectra.core.loss.Loss;
import io.contraspectra.core.loss.LossEntry;
import io.contraspectra.core.loss.LossStyle;
import io.contraspectra.core.loss.Losses;
import io.contraspectra.core.loss.SideArray;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.TestNetworks;
import io.contraspectra.core.optimize.Optimizers;
import io.contraspectra.core.random.RandomStreams;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Gradients of every loss of the catalogue through a network of three layers, by central differences. */
class LossesThroughNetworksTest {

  private static final int SAMPLES = 6;
  private static final double STEP = 1e-5;

  /** Their gradient is one by definition, with part of the loss held fixed, and no derivative. */
  private static final Set<String> STOPPED = Set.of("nnclr", "simsiam-cos", "simsiam-mse", "alpha-direct",
      "alpha-entropy", "alpha-square", "alpha-inverse");

  static Stream<String> derivatives() {
    return Losses.catalogue().stream().map(LossEntry::name).filter(name -> !STOPPED.contains(name));
  }

  @ParameterizedTest
  @MethodSource("derivatives")
  void gradientIsTheDerivative(String name) {
    LossEntry entry = Losses.entry(name);
    var constants = new HashMap<String, String>();
    entry.parameters().stream().filter(p -> p.defaultValue().isEmpty()).forEach(p -> constants.put(p.name(), "1.5"));
    check(entry.loss(constants));
  }

  @ParameterizedTest
  @MethodSource("backPropagated")
  void soIsTheGradientThroughTheImportance(AlphaLoss loss) {
    check(loss);
  }

  static Stream<AlphaLoss> backPropagated() {
    AlphaLoss infoNce = (AlphaLoss) Losses.named("alpha-infonce", Map.of());
    return Stream.of(infoNce.backPropagated(), infoNce.ofTwoViews(), infoNce.ofTwoViews().backPropagated());
  }

  private static void check(Loss loss) {
    var architecture = Architecture.ntk(Activation.TANH, 5, 7, 6, 3).withBiases(0.4);
    try (Backend backend = TestBackend.CPU_VECTOR.open();
        Network network = TestNetworks.gaussian(architecture, backend, DType.F64, 11);
        Towers towers = Towers.shared(network);
        Matrix graph = graph(backend)) {
      var inputs = new ArrayList<Matrix>();
      for (int block = 0; block < loss.blocks(); block++) {
        inputs.add(TestNetworks.inputs(backend, DType.F64, SAMPLES, 5, 20 + block));
      }
      SideArrays side = loss.style() == LossStyle.GRAPH ? SideArrays.of(SideArray.GRAPH, graph) : SideArrays.NONE;
      var sampler = Samplers.given(backend, inputs, SAMPLES, RandomStreams.of(0));
      try (var trainer = new Trainer(
          towers, loss, side, sampler, Descent.of(Optimizers.GD, 1), Constraints.NONE)) {
        differences(loss, trainer);
      }
      inputs.forEach(Matrix::close);
    }
  }

  private static void differences(Loss loss, Trainer trainer) {
    trainer.evaluate();
    double[] gradient = trainer.gradient().toArray();
    double largest = trainer.towers().first().backend().maxAbs(trainer.gradient());
    assertTrue(largest > 0, loss.name());
    Matrix theta = trainer.towers().parameters();
    for (int i = 0; i < gradient.length; i += 9) {
      double start = theta.get(0, i);
      double difference = (at(trainer, theta, i, start + STEP) - at(trainer, theta, i, start - STEP)) / (2 * STEP);
      theta.set(0, i, start);
      assertEquals(difference, gradient[i], 1e-6 * Math.max(1, largest), loss.name() + ", parameter " + i);
    }
  }

  private static double at(Trainer trainer, Matrix theta, int parameter, double value) {
    theta.set(0, parameter, value);
    trainer.restore(trainer.counters());
    return trainer.evaluate();
  }

  private static Matrix graph(Backend backend) {
    var random = new Random(5);
    Matrix graph = backend.zeros(DType.F64, SAMPLES, SAMPLES);
    for (int i = 0; i < SAMPLES; i++) {
      for (int j = 0; j < i; j++) {
        double weight = random.nextDouble();
        graph.set(i, j, weight);
        graph.set(j, i, weight);
      }
    }
    return graph;
  }

  /** A8: the decoupled InfoNCE and the entropy's min player, held fixed, are one trajectory. */
  @Test
  void infoNceAndEntropyTakeTheSameSteps() {
    double[] first = adam(AlphaLoss.infoNce(0.5, 0).ofTwoViews());
    double[] second = adam(AlphaLoss.entropy(0.5, 1).ofTwoViews());
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < first.length; i++) {
      largest = Math.max(largest, Math.abs(first[i]));
      difference = Math.max(difference, Math.abs(first[i] - second[i]));
    }
    assertTrue(difference <= 1e-10 * largest, "off by " + difference);
  }

  private static double[] adam(Loss loss) {
    try (Backend backend = TestBackend.CPU_VECTOR.open();
        Network network = TestNetworks.gaussian(
            Architecture.ntk(Activation.TANH, 5, 9, 4), backend, DType.F64, 2);
        Towers towers = Towers.shared(network);
        Matrix a = TestNetworks.inputs(backend, DType.F64, 12, 5, 1);
        Matrix b = TestNetworks.inputs(backend, DType.F64, 12, 5, 2);
        var trainer = new Trainer(towers, loss, SideArrays.NONE,
            Samplers.given(backend, List.of(a, b), 12, RandomStreams.of(0)), Descent.of(Optimizers.ADAM, 1e-3),
            Constraints.NONE)) {
      trainer.run(50);
      return towers.parameters().toArray();
    }
  }
}
