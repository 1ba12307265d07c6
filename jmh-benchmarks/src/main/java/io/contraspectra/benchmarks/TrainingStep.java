package io.contraspectra.benchmarks;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.data.Samplers;
import io.contraspectra.core.loss.Losses;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.optimize.Optimizers;
import io.contraspectra.core.random.RandomStreams;
import io.contraspectra.core.training.Constraints;
import io.contraspectra.core.training.Descent;
import io.contraspectra.core.training.Towers;
import io.contraspectra.core.training.Trainer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One full-batch step of a two-layer ReLU network (784, 4096, 64) on 1024 pairs under InfoNCE of cosines: forward,
 * loss, backward, update. Each invocation also runs one square gemm, and the counter {@code fractionOfGemm} is the rate
 * of the step on its 29.9 Gflop as a fraction of the gemm's rate.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 2, jvmArgsAppend = {"-Xms1g", "-Xmx1g", "--add-modules=jdk.incubator.vector"})
public class TrainingStep {

  private static final int INPUTS = 784;
  private static final int UNITS = 4096;
  private static final int OUTPUTS = 64;
  private static final int PAIRS = 1024;

  @Param("F32")
  public DType dtype;

  private Backend backend;
  private Network network;
  private Towers towers;
  private Matrix first;
  private Matrix second;
  private Trainer trainer;
  private Gemm gemm;

  @Setup(Level.Trial)
  public void prepare() {
    backend = Backends.cpu();
    network = Network.gaussian(
        Architecture.ntk(Activation.RELU, INPUTS, UNITS, OUTPUTS), backend, dtype, new Random(1));
    towers = Towers.shared(network);
    first = Gemm.gaussian(backend, dtype, PAIRS, INPUTS, 2);
    second = Gemm.gaussian(backend, dtype, PAIRS, INPUTS, 3);
    trainer = new Trainer(towers, Losses.named("infonce-cos", Map.of()), SideArrays.NONE,
        Samplers.given(backend, List.of(first, second), PAIRS, RandomStreams.of(0)),
        Descent.of(Optimizers.GD, 0.05), Constraints.NONE);
    gemm = new Gemm(backend, dtype);
    checkThatItLearns();
  }

  @TearDown(Level.Trial)
  public void close() {
    gemm.close();
    trainer.close();
    second.close();
    first.close();
    towers.close();
    network.close();
    backend.close();
  }

  @Benchmark
  public double step(Rates rates) {
    rates.time(flops(), () -> trainer.run(1), gemm);
    return trainer.loss();
  }

  /** Forward and backward products, no signal below the first layer; three products of similarities. */
  private static double flops() {
    double rows = 2.0 * PAIRS;
    return 2 * rows * (2.0 * INPUTS * UNITS + 3.0 * UNITS * OUTPUTS) + 3 * 2.0 * PAIRS * PAIRS * OUTPUTS;
  }

  private void checkThatItLearns() {
    double start = trainer.evaluate();
    trainer.run(5);
    if (!(trainer.evaluate() < start)) {
      throw new AssertionError("five steps took the loss from " + start + " to " + trainer.loss());
    }
  }
}
