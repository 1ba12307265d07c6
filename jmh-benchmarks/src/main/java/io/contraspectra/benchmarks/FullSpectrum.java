package io.contraspectra.benchmarks;

import io.contraspectra.bindings.openblas.EigenJob;
import io.contraspectra.bindings.openblas.Lapacke;
import io.contraspectra.bindings.openblas.OpenBlasControl;
import io.contraspectra.bindings.openblas.Triangle;
import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
import org.openjdk.jmh.infra.BenchmarkParams;

/**
 * All eigenpairs of a dense matrix, checks, residuals and order included, against the bare LAPACKE call on the same
 * matrix, which is timed right after it. {@code overLapacke} is the ratio of the two least times of an iteration.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
@Fork(value = 1, jvmArgsAppend = {"-Xms1g", "-Xmx1g", "--add-modules=jdk.incubator.vector"})
public class FullSpectrum {

  private static final int ROUNDS_TIMES_SIZE = 12_000;

  @Param({"1000", "2000", "4000"})
  public int n;

  private Backend backend;
  private Matrix matrix;
  private double[] numbers;

  @Setup(Level.Trial)
  public void prepare() {
    backend = Backends.cpu();
    double[] uniform = PeerNumbers.uniform(21, n * n, 1);
    numbers = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        numbers[i * n + j] = 0.5 * (uniform[i * n + j] + uniform[j * n + i]);
      }
    }
    matrix = backend.matrix(n, n, numbers);
  }

  @TearDown(Level.Trial)
  public void close() {
    matrix.close();
    backend.close();
  }

  @Benchmark
  public double decompose(Ratio ratio) {
    double largest = 0;
    // Small decompositions several times, in turn with the bare call; the least times count, since both wait for threads
    // at every step and are held up by whatever else runs.
    for (int round = 0; round < Math.max(1, ROUNDS_TIMES_SIZE / n); round++) {
      long start = System.nanoTime();
      EigenPairs pairs = Eigensolver.full(backend, matrix);
      ratio.ours = Math.min(ratio.ours, System.nanoTime() - start);
      try (pairs) {
        largest = pairs.values().get(0, 0);
        double bare = bare(ratio);
        if (!(pairs.worstResidual() <= 1e-13) || !(Math.abs(largest - bare) <= 1e-12 * Math.abs(bare))) {
          throw new AssertionError("residual " + pairs.worstResidual() + ", largest " + largest + " and " + bare);
        }
      }
    }
    return largest;
  }

  /** The call itself, with a workspace of its own as LAPACKE's convenience routine has it. */
  private double bare(Ratio ratio) {
    int threads = OpenBlasControl.threads();
    OpenBlasControl.setThreads(Runtime.getRuntime().availableProcessors());
    try (var arena = Arena.ofConfined()) {
      MemorySegment a = arena.allocate((long) n * n * Double.BYTES, 64);
      MemorySegment.copy(MemorySegment.ofArray(numbers), 0, a, 0, a.byteSize());
      MemorySegment values = arena.allocate((long) n * Double.BYTES, 64);
      long start = System.nanoTime();
      Lapacke.SyevdWorkspace sizes = Lapacke.dsyevdWorkspace(EigenJob.VECTORS, n);
      int info;
      try (var scratch = Arena.ofConfined()) {
        info = Lapacke.dsyevd(EigenJob.VECTORS, Triangle.UPPER, n, a, n, values,
            scratch.allocate(sizes.work() * Double.BYTES, 64), scratch.allocate(sizes.iwork() * Integer.BYTES, 64));
      }
      ratio.bare = Math.min(ratio.bare, System.nanoTime() - start);
      if (info != 0) {
        throw new AssertionError("info " + info);
      }
      return values.getAtIndex(ValueLayout.JAVA_DOUBLE, n - 1);
    } finally {
      OpenBlasControl.setThreads(threads);
    }
  }

  /** Least times of one iteration. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Ratio {
    private int iterations;
    private double ours;
    private double bare;

    /**
     * Time with the library over the bare call's. JMH reports the sum over all iterations, so each counts its share:
     * what is reported is the mean.
     */
    public double overLapacke() {
      return ours / bare / iterations;
    }

    /** Starts an iteration. */
    @Setup(Level.Iteration)
    public void reset(BenchmarkParams parameters) {
      iterations = parameters.getMeasurement().getCount() * Math.max(1, parameters.getForks());
      ours = bare = Double.POSITIVE_INFINITY;
    }
  }
}
