package io.contraspectra.benchmarks;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
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
 * The backward Gram of the layer under the readout of a ReLU network in all its {@link BackwardVariant}s: rows of
 * {@link #ROWS} samples against all samples from their own first one on, side by side on all threads. The counter
 * {@code fractionOfGemm} is the rate on {@code M N² K(K+1)/2} flops as a fraction of the rate of gemm.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 2, jvmArgsAppend = {"-Xms2g", "-Xmx2g", "--add-modules=jdk.incubator.vector"})
public class BackwardGram {

  private static final int ROWS = 32;

  @Param({"SMALL", "MEDIUM", "DEEP"})
  public NtkSize size;

  @Param
  public BackwardVariant variant;

  private Backend backend;
  private Matrix slopes;
  private Matrix weights;
  private Matrix gram;
  private Gemm gemm;

  @Setup(Level.Trial)
  public void prepare() {
    Architecture architecture = size.architecture(Activation.RELU);
    int units = architecture.width(architecture.layers() - 1);
    int samples = size.samples();
    backend = Backends.cpu();
    var random = new Random(1);
    slopes = backend.matrix(samples, units, random.doubles((long) samples * units).map(Math::rint).toArray());
    weights = Gemm.gaussian(backend, DType.F64, architecture.outputs(), units, 2);
    gram = backend.zeros(DType.F64, (long) samples * architecture.outputs(), (long) samples * architecture.outputs());
    gemm = new Gemm(backend, DType.F64);
    checkAgainstSums();
  }

  @TearDown(Level.Trial)
  public void close() {
    gemm.close();
    gram.close();
    weights.close();
    slopes.close();
    backend.close();
  }

  @Benchmark
  public Matrix gram(Rates rates) {
    double samples = size.samples();
    double pairs = weights.rows() * (weights.rows() + 1.0) / 2;
    rates.time(weights.cols() * samples * samples * pairs, this::form, gemm);
    return gram;
  }

  private void form() {
    long samples = slopes.rows();
    backend.tiles(Math.ceilDiv(samples, ROWS), workspaceBytes(), (index, workspace) -> {
      long row = index * ROWS;
      form(row, Math.min(ROWS, samples - row), workspace);
    });
  }

  private BackwardVariant.Entries form(long row, long rows, Workspace workspace) {
    long outputs = weights.rows();
    long cols = slopes.rows() - row;
    return variant.form(backend, slopes.rowRange(row, rows), slopes.rowRange(row, cols), weights, workspace,
        gram.block(row * outputs, row * outputs, rows * outputs, cols * outputs));
  }

  private long workspaceBytes() {
    return Workspace.bytes(DType.F64, (ROWS + slopes.rows()) * (weights.rows() + 1), weights.cols());
  }

  private void checkAgainstSums() {
    long row = slopes.rows() / 2;
    try (Workspace workspace = backend.workspace(workspaceBytes())) {
      BackwardVariant.Entries entries = form(row, ROWS, workspace);
      for (long at : new long[] {0, 5, 31}) {
        double expected = sum(row + 7, row + at, 1, 3);
        double actual = entries.of(7, at, 1, 3);
        if (!(Math.abs(actual - expected) <= 1e-12)) {
          throw new AssertionError(variant + " gave " + actual + " instead of " + expected);
        }
      }
    }
  }

  private double sum(long i, long j, long k, long l) {
    double[] g = slopes.rowRange(i, 1).toArray();
    double[] h = slopes.rowRange(j, 1).toArray();
    double[] wk = weights.rowRange(k, 1).toArray();
    double[] wl = weights.rowRange(l, 1).toArray();
    double sum = 0;
    for (int m = 0; m < g.length; m++) {
      sum += g[m] * h[m] * wk[m] * wl[m];
    }
    return sum;
  }
}
