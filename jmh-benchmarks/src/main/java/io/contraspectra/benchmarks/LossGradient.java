package io.contraspectra.benchmarks;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.loss.LossEvaluation;
import io.contraspectra.core.loss.Losses;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Map;
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
 * Value and gradient of a loss on 1024 pairs of 64 dimensions, against a plain product of the same machine: the counter
 * {@code fractionOfGemm} is the rate of the loss, on the flops of its products alone, as a fraction of the gemm's rate.
 * One full-batch step of the network 784-4096-64 on these pairs is 29.9 Gflop, so the loss takes
 * {@code flops/29.9e9/fractionOfGemm} of a step that runs at the gemm's rate.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = {"-Xms1g", "-Xmx1g", "--add-modules=jdk.incubator.vector"})
public class LossGradient {

  private static final long SAMPLES = 1024;
  private static final long OUTPUTS = 64;

  @Param({"infonce-cos", "ntxent", "alpha-infonce"})
  public String loss;

  @Param({"F32", "F64"})
  public DType dtype;

  private Backend backend;
  private Matrix embeddings;
  private Matrix gradient;
  private LossEvaluation evaluation;
  private Gemm gemm;

  @Setup(Level.Trial)
  public void prepare() {
    backend = Backends.cpu();
    embeddings = Gemm.gaussian(backend, dtype, 2 * SAMPLES, OUTPUTS, 1);
    gradient = backend.zeros(dtype, 2 * SAMPLES, OUTPUTS);
    evaluation = Losses.named(loss, Map.of()).evaluation(backend, dtype, SAMPLES, OUTPUTS);
    gemm = new Gemm(backend, dtype);
  }

  @TearDown(Level.Trial)
  public void close() {
    gemm.close();
    evaluation.close();
    gradient.close();
    embeddings.close();
    backend.close();
  }

  /** A logit and its two places in the gradient, a multiply-add of K dimensions each. */
  private double flops() {
    long rows = loss.equals("ntxent") ? 2 * SAMPLES : SAMPLES;
    return 6.0 * rows * rows * OUTPUTS;
  }

  @Benchmark
  public double value(Rates rates) {
    var value = new double[1];
    rates.time(flops(), () -> value[0] = evaluation.evaluate(embeddings, gradient), gemm);
    if (!(value[0] > 0)) {
      throw new AssertionError("the loss is " + value[0]);
    }
    return value[0];
  }
}
