package io.contraspectra.core.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.data.Augmentation;
import io.contraspectra.core.data.Datasets;
import io.contraspectra.core.data.LabelledData;
import io.contraspectra.core.data.Sampler;
import io.contraspectra.core.data.Samplers;
import io.contraspectra.core.loss.Loss;
import io.contraspectra.core.loss.Losses;
import io.contraspectra.core.loss.SideArray;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.manifold.Retraction;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.matrix.ContraSpectraException;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.MemoryLedger;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.TestNetworks;
import io.contraspectra.core.optimize.Optimizers;
import io.contraspectra.core.optimize.Schedule;
import io.contraspectra.core.random.RandomStreams;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainerTest {

  private static final LabelledData DIGITS = some(Datasets.digits(), 200);

  @TempDir
  private Path folder;

  private static LabelledData some(LabelledData data, int rows) {
    double[] features = Arrays.copyOf(data.features(), rows * data.cols());
    for (int i = 0; i < features.length; i++) {
      features[i] /= 16;
    }
    return new LabelledData("some digits", rows, data.cols(), features, Arrays.copyOf(data.requireLabels(), rows));
  }

  private static Loss loss(String name) {
    return Losses.named(name, Map.of());
  }

  private static Sampler views(int blocks, int batch) {
    return Samplers.views(DIGITS, Augmentation.parse("shift=1,scale=.8:1.2,noise=.1"), blocks, batch,
        RandomStreams.of(1));
  }

  private static Network network(Backend backend, DType dtype) {
    return TestNetworks.gaussian(Architecture.ntk(Activation.TANH, 64, 20, 12, 4).withBiases(0.1), backend, dtype, 3);
  }

  private static Trainer trainer(
      Towers towers, String loss, Sampler sampler, Descent descent, Constraints constraints) {
    return new Trainer(towers, loss(loss), SideArrays.NONE, sampler, descent, constraints);
  }

  private static double[] end(int threads, DType dtype, Optimizers rule) {
    try (Backend backend = Backends.cpu(threads);
        Network network = network(backend, dtype);
        Towers towers = Towers.shared(network);
        var trainer = trainer(towers, "ntxent", views(2, 150), new Descent(rule, 0.01, new Schedule.WarmUp(2,
            new Schedule.Cosine(10)), 1e-3, 0.5), Constraints.NONE)) {
      trainer.run(6);
      assertEquals(6, trainer.step());
      return towers.parameters().toArray();
    }
  }

  @ParameterizedTest
  @CsvSource({"SGD, F64", "MOMENTUM, F32", "ADAM, F64"})
  void theSameBitsForAnyNumberOfThreads(Optimizers rule, DType dtype) {
    double[] one = end(1, dtype, rule);
    for (int threads : new int[] {2, 5}) {
      assertArrayEquals(one, end(threads, dtype, rule), threads + " threads");
    }
  }

  @EveryBackend
  void everyRuleGetsTheLossDown(Backend backend, Optimizers rule) {
    try (Network network = network(backend, DType.F64);
        Towers towers = Towers.shared(network);
        Matrix a = TestNetworks.inputs(backend, DType.F64, 12, 64, 1);
        Matrix b = TestNetworks.inputs(backend, DType.F64, 12, 64, 2)) {
      var sampler = Samplers.given(backend, List.of(a, b), 12, RandomStreams.of(1));
      double rate = rule == Optimizers.LBFGS ? 1 : rule == Optimizers.ADAM ? 0.05 : 0.02;
      try (var trainer = trainer(towers, "infonce-cos", sampler, Descent.of(rule, rate), Constraints.NONE)) {
        double start = trainer.evaluate();
        trainer.run(15);
        assertTrue(trainer.evaluate() < 0.9 * start, rule + ": " + start + " to " + trainer.loss());
      }
    }
  }

  @EveryBackend
  void clippingAndDecayAreWhatTheySay(Backend backend) {
    try (Network network = network(backend, DType.F64);
        Network start = network.copy();
        Towers towers = Towers.shared(network);
        var trainer = trainer(towers, "vicreg", views(2, 30),
            new Descent(Optimizers.SGD, 0.25, Schedule.CONSTANT, 0.125, 0.5), Constraints.NONE)) {
      trainer.evaluate();
      double[] gradient = trainer.gradient().toArray();
      double norm = backend.norm(trainer.gradient());
      assertTrue(norm > 0.5);
      trainer.update();
      double[] before = start.parameters().flat().toArray();
      double[] after = towers.parameters().toArray();
      for (int i = 0; i < after.length; i++) {
        assertEquals(before[i] - 0.25 * (gradient[i] * 0.5 / norm + 0.125 * before[i]), after[i], 1e-13);
      }
    }
  }

  /** Two towers of different inputs: each gets the gradient that it would get as the only one that moves. */
  @EveryBackend
  void twoTowers(Backend backend) {
    try (Network first = TestNetworks.gaussian(Architecture.ntk(Activation.TANH, 5, 8, 3), backend, DType.F64, 1);
        Network second = TestNetworks.gaussian(Architecture.ntk(Activation.TANH, 4, 3), backend, DType.F64, 2);
        Towers towers = Towers.separate(first, second);
        Matrix x = TestNetworks.inputs(backend, DType.F64, 9, 5, 3);
        Matrix y = TestNetworks.inputs(backend, DType.F64, 9, 4, 4);
        Matrix shifted = backend.copyOf(towers.parameters(), DType.F64);
        var trainer = trainer(towers, "clip-cos", Samplers.given(backend, List.of(x, y), 9, RandomStreams.of(1)),
            Descent.of(Optimizers.GD, 0.1), Constraints.NONE)) {
      trainer.evaluate();
      double[] gradient = trainer.gradient().toArray();
      for (int i : new int[] {0, 17, 39, 45, 63, 70, 74}) {
        double up = at(trainer, towers, shifted, i, 1e-6);
        double down = at(trainer, towers, shifted, i, -1e-6);
        assertEquals((up - down) / 2e-6, gradient[i], 1e-7, "parameter " + i);
      }
      double start = trainer.evaluate();
      trainer.run(20);
      assertTrue(trainer.evaluate() < start);
    }
  }

  private static double at(Trainer trainer, Towers towers, Matrix start, int parameter, double change) {
    Backend backend = towers.first().backend();
    backend.copy(start, towers.parameters());
    towers.parameters().set(0, parameter, start.get(0, parameter) + change);
    trainer.restore(trainer.counters());
    double value = trainer.evaluate();
    backend.copy(start, towers.parameters());
    trainer.restore(trainer.counters());
    return value;
  }

  @EveryBackend
  void aPredictorMovesWithTheNetwork(Backend backend) {
    try (Network network = network(backend, DType.F64);
        Towers towers = Towers.shared(network);
        Matrix predictor = TestNetworks.inputs(backend, DType.F64, 4, 4, 5);
        Matrix start = backend.copyOf(predictor, DType.F64);
        var trainer = new Trainer(towers, loss("simsiam-cos"),
            SideArrays.of(SideArray.PREDICTOR, predictor), views(2, 40),
            Descent.of(Optimizers.ADAM, 0.01), Constraints.NONE)) {
      double before = trainer.evaluate();
      trainer.run(20);
      assertTrue(trainer.evaluate() < before);
      assertEquals(6, trainer.state().size(), "parameters, predictor and two moments of each");
      assertTrue(backend.distance(start, trainer.state().get(3)) > 0);
    }
  }

  /** A queue of 7 rows and batches of 5: after t steps it holds the first view's last embeddings, around and around. */
  @EveryBackend
  void theQueueTakesInTheNewestEmbeddings(Backend backend) {
    for (int size : new int[] {3, 7, 20}) {
      try (Network network = network(backend, DType.F64);
          Towers towers = Towers.shared(network);
          Matrix queue = TestNetworks.inputs(backend, DType.F64, size, 4, 5);
          var trainer = new Trainer(towers, loss("nnclr"), SideArrays.of(SideArray.QUEUE, queue), views(2, 5),
              Descent.of(Optimizers.SGD, 0.05), Constraints.NONE)) {
        double[] expected = queue.toArray();
        int next = 0;
        for (int step = 0; step < 9; step++) {
          trainer.evaluate();
          double[] embeddings = trainer.embeddings().toArray();
          trainer.update();
          for (int i = 0; i < 5; i++) {
            System.arraycopy(embeddings, 4 * i, expected, 4 * (next++ % size), 4);
          }
          assertArrayEquals(expected, queue.toArray(), "queue of " + size + " after step " + trainer.step());
        }
      }
    }
  }

  @EveryBackend
  void nnclrLearnsAndRefusesAConstantObjective(Backend backend) {
    try (Network network = network(backend, DType.F64);
        Matrix queue = TestNetworks.inputs(backend, DType.F64, 60, 4, 5);
        Matrix x = TestNetworks.inputs(backend, DType.F64, 20, 64, 7);
        Towers towers = Towers.shared(network)) {
      SideArrays arrays = SideArrays.of(SideArray.QUEUE, queue);
      try (var trainer = new Trainer(
          towers, loss("nnclr"), arrays, views(2, 40), Descent.of(Optimizers.ADAM, 0.01), Constraints.NONE)) {
        double before = trainer.evaluate();
        trainer.run(40);
        assertTrue(trainer.evaluate() < 0.8 * before, before + " to " + trainer.loss());
      }
      var twice = Samplers.given(backend, List.of(x, x), 20, RandomStreams.of(1));
      assertTrue(assertThrows(InvalidArgument.class, () -> new Trainer(towers, loss("nnclr"), arrays, twice,
          Descent.of(Optimizers.LBFGS, 1), Constraints.NONE)).getMessage().contains("queue changes; use adam"));
    }
  }

  @EveryBackend
  void frozenLayersStayAndOrthonormalOnesStayOrthonormal(Backend backend, Retraction retraction) {
    try (Network network = network(backend, DType.F64);
        Matrix readout = Stiefel.random(backend, DType.F64, 12, 4, new Random(1))) {
      backend.transpose(readout, network.parameters().weight(3));
      try (Network start = network.copy();
          Towers towers = Towers.shared(network);
          var trainer = trainer(towers, "infonce-dot", views(2, 50), Descent.of(Optimizers.MOMENTUM, 0.01),
              Constraints.NONE.freezing(Set.of(2)).withOrthogonalReadout(retraction, 0.3))) {
        trainer.run(8);
        assertEquals(0, backend.distance(start.parameters().weight(2), network.parameters().weight(2)));
        assertTrue(backend.distance(start.parameters().weight(1), network.parameters().weight(1)) > 0);
        assertTrue(backend.distance(start.parameters().weight(3), network.parameters().weight(3)) > 1e-3);
        backend.transpose(network.parameters().weight(3), readout);
        assertTrue(Stiefel.defect(backend, readout) < 1e-12);
      }
    }
  }

  /** A run of 12 steps, and one that ends at step 5 and is continued by another trainer from its checkpoint. */
  @EveryBackend
  void continuesToTheSameBits(Backend backend, Optimizers rule) {
    double[] whole = run(backend, rule, folder.resolve("whole-" + rule), 12);
    Path kept = folder.resolve("kept-" + rule);
    run(backend, rule, kept, 5);
    assertArrayEquals(whole, run(backend, rule, kept, 12));
  }

  private static double[] run(Backend backend, Optimizers rule, Path kept, int steps) {
    boolean constant = rule.isFullBatch();
    try (Network network = network(backend, DType.F64);
        Matrix x = TestNetworks.inputs(backend, DType.F64, 20, 64, 7);
        Towers towers = Towers.shared(network);
        EvaluationSet evaluation = EvaluationSet.of(DIGITS, backend, DType.F64, RandomStreams.of(2));
        var trainer = trainer(towers, "vicreg",
            constant ? Samplers.given(backend, List.of(x, x), 20, RandomStreams.of(1)) : views(2, 30),
            Descent.of(rule, 0.01), Constraints.NONE);
        var recorder = new Recorder(trainer, EnumSet.of(Metric.LOSS, Metric.KNN, Metric.NTK_DRIFT), evaluation, null)) {
      var run = new TrainingRun(trainer, recorder, 3);
      var checkpoint = new Checkpoint(kept, Map.of("rule", rule.label()));
      run.keep(checkpoint, 4);
      if (checkpoint.exists()) {
        run.resume();
        assertEquals(5, trainer.step());
      }
      assertEquals(new TrainingRun.Outcome(steps, false), run.run(steps, _ -> true));
      List<Long> recorded = run.points().stream().map(TrainingRun.Point::step).toList();
      assertEquals(steps == 12 ? List.of(0L, 3L, 6L, 9L, 12L) : List.of(0L, 3L, 5L), recorded);
      double[] last = run.points().getLast().values().values().stream().mapToDouble(v -> v).toArray();
      double[] end = towers.parameters().toArray();
      double[] all = Arrays.copyOf(end, end.length + last.length);
      System.arraycopy(last, 0, all, end.length, last.length);
      return all;
    }
  }

  @EveryBackend
  void aRunThatDivergesStopsAndKeepsTheLastGoodState(Backend backend) {
    try (Network network = network(backend, DType.F64);
        Towers towers = Towers.shared(network);
        var trainer = trainer(towers, "dot-linear", views(3, 20), Descent.of(Optimizers.SGD, 1e80), Constraints.NONE);
        var recorder = new Recorder(trainer, EnumSet.of(Metric.LOSS, Metric.ALIGNMENT), null, null)) {
      var run = new TrainingRun(trainer, recorder, 1);
      var checkpoint = new Checkpoint(folder, Map.of());
      run.keep(checkpoint, 1);
      TrainingRun.Outcome outcome = run.run(50, _ -> true);
      assertTrue(outcome.diverged() && outcome.steps() < 50, outcome::toString);
      assertEquals(Double.POSITIVE_INFINITY, run.points().getLast().values().get(Metric.LOSS));
      assertTrue(checkpoint.exists() || outcome.steps() == 1);
    }
  }

  @EveryBackend
  void endsWhenTheListenerSaysSo(Backend backend) {
    try (Network network = network(backend, DType.F64);
        Towers towers = Towers.shared(network);
        var trainer = trainer(towers, "infonce-cos", views(2, 20), Descent.of(Optimizers.SGD, 0.1), Constraints.NONE);
        var recorder = new Recorder(trainer, EnumSet.of(Metric.LOSS), null, null)) {
      var run = new TrainingRun(trainer, recorder, 100);
      assertEquals(new TrainingRun.Outcome(4, false), run.run(50, step -> step < 4));
      assertEquals(List.of(0L, 4L), run.points().stream().map(TrainingRun.Point::step).toList());
      assertTrue(run.points().getLast().samplesPerSecond() > 0);
    }
  }

  /** All buffers are there after the first step. */
  @ParameterizedTest
  @CsvSource({"SGD", "MOMENTUM", "ADAM"})
  void keepsNoMoreMemoryAfterTheFirstStep(Optimizers rule) {
    try (Backend backend = Backends.cpu(1);
        Network network = TestNetworks.gaussian(
            Architecture.ntk(Activation.RELU, 64, 600, 16), backend, DType.F64, 1);
        Towers towers = Towers.shared(network);
        Matrix a = TestNetworks.inputs(backend, DType.F64, 300, 64, 1);
        Matrix b = TestNetworks.inputs(backend, DType.F64, 300, 64, 2);
        var trainer = trainer(towers, "infonce-cos", Samplers.given(backend, List.of(a, b), 300, RandomStreams.of(1)),
            Descent.of(rule, 0.01), Constraints.NONE)) {
      trainer.run(1);
      long blocks = MemoryLedger.openBlocks();
      long bytes = MemoryLedger.openBytes();
      trainer.run(10);
      assertEquals(blocks, MemoryLedger.openBlocks());
      assertEquals(bytes, MemoryLedger.openBytes());
    }
  }

  @Test
  void refusesNonsense() {
    try (Backend backend = TestBackend.CPU_VECTOR.open();
        Network network = network(backend, DType.F64);
        Towers towers = Towers.shared(network)) {
      var sgd = Descent.of(Optimizers.SGD, 0.1);
      refused("gd takes all 200 samples", () -> trainer(
          towers, "ntxent", views(2, 20), Descent.of(Optimizers.GD, 0.1), Constraints.NONE).close());
      refused("lbfgs needs the same batch", () -> trainer(
          towers, "ntxent", views(2, 200), Descent.of(Optimizers.LBFGS, 1), Constraints.NONE).close());
      refused("takes 3 blocks", () -> trainer(towers, "dot-exp", views(2, 20), sgd, Constraints.NONE).close());
      refused("batches of 201 samples", () -> views(2, 201));
      refused("batches of 0 samples", () -> views(2, 0));
      refused("learning rate", () -> Descent.of(Optimizers.SGD, -1));
      refused("weight decay", () -> new Descent(Optimizers.SGD, 1, Schedule.CONSTANT, -1, 1));
      refused("clipped", () -> new Descent(Optimizers.SGD, 1, Schedule.CONSTANT, 0, 0));
      refused("frozen layers", () -> trainer(
          towers, "ntxent", views(2, 20), sgd, Constraints.NONE.freezing(Set.of(4))).close());
      refused("orthonormal columns", () -> trainer(towers, "ntxent", views(2, 20), sgd,
          Constraints.NONE.withOrthogonalReadout(Retraction.QR, 1)).close());
      refused("norm constraints", () -> trainer(towers, "ntxent", views(2, 20), sgd,
          Constraints.NONE.withNorms(List.of(NormConstraint.BALL))).close());
      refused("did you mean shift", () -> Augmentation.parse("shft=1"));
      refused("is no number", () -> Augmentation.parse("noise"));
      refused("mask", () -> Augmentation.parse("mask=1"));
      refused("square images", () -> Samplers.views(
          Datasets.wine(), Augmentation.parse("shift=1"), 2, 10, RandomStreams.of(0)));
      refused("no checkpoint", () -> new Checkpoint(folder.resolve("none"), Map.of()).restore(
          trainerFor(towers), Set.of()));
      assertFalse(new Checkpoint(folder.resolve("none"), Map.of()).exists());
    }
  }

  private static Trainer trainerFor(Towers towers) {
    try (var trainer = trainer(towers, "ntxent", views(2, 20), Descent.of(Optimizers.SGD, 0.1), Constraints.NONE)) {
      return trainer;
    }
  }

  private static void refused(String expected, Executable call) {
    String message = assertThrows(ContraSpectraException.class, call).getMessage();
    assertTrue(message.contains(expected), message);
  }

  @Test
  void towersMustMeet() {
    try (Backend backend = TestBackend.CPU_VECTOR.open();
        Network a = TestNetworks.gaussian(Architecture.ntk(Activation.TANH, 5, 3), backend, DType.F64, 1);
        Network b = TestNetworks.gaussian(Architecture.ntk(Activation.TANH, 5, 2), backend, DType.F64, 1)) {
      assertThrows(ShapeMismatch.class, () -> Towers.separate(a, b));
      assertThrows(InvalidArgument.class, () -> Metric.named("ntkdrift"));
    }
  }
}
