package io.contraspectra.benchmarks;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.contraspectra.bindings.openblas.Cblas;
import io.contraspectra.bindings.openblas.OpenBlas;
import io.contraspectra.bindings.openblas.OpenBlasControl;
import io.contraspectra.bindings.openblas.Transpose;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
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

/** What the checks of the CBLAS binding cost: the same dgemm through a bare downcall handle and through the binding. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class BindingOverhead {

  private static final int ROW_MAJOR = 101;
  private static final int NO_TRANSPOSE = 111;
  private static final MethodHandle BARE = OpenBlas.load().bind("cblas_dgemm", FunctionDescriptor.ofVoid(
      JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
      JAVA_DOUBLE, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, JAVA_DOUBLE, ADDRESS, JAVA_INT));

  /** Order of the square matrices. */
  @Param({"4", "128"})
  public int n;

  private Arena arena;
  private MemorySegment a;
  private MemorySegment b;
  private MemorySegment c;

  @Setup(Level.Trial)
  public void allocate() {
    OpenBlasControl.setThreads(1);
    arena = Arena.ofConfined();
    a = random(1);
    b = random(2);
    c = arena.allocate(JAVA_DOUBLE, (long) n * n);
    checkBothAgree();
  }

  @TearDown(Level.Trial)
  public void free() {
    arena.close();
  }

  @Benchmark
  public MemorySegment bare() {
    try {
      BARE.invokeExact(ROW_MAJOR, NO_TRANSPOSE, NO_TRANSPOSE, n, n, n, 1.0, a, n, b, n, 0.0, c, n);
    } catch (Throwable t) {
      throw new AssertionError(t);
    }
    return c;
  }

  @Benchmark
  public MemorySegment binding() {
    Cblas.dgemm(Transpose.NO_TRANSPOSE, Transpose.NO_TRANSPOSE, n, n, n, 1, a, n, b, n, 0, c, n);
    return c;
  }

  private void checkBothAgree() {
    double expected = 0;
    for (int k = 0; k < n; k++) {
      expected += a.getAtIndex(JAVA_DOUBLE, k) * b.getAtIndex(JAVA_DOUBLE, (long) k * n);
    }
    requireFirst(expected, bare());
    c.fill((byte) 0);
    requireFirst(expected, binding());
  }

  private void requireFirst(double expected, MemorySegment result) {
    double first = result.getAtIndex(JAVA_DOUBLE, 0);
    if (!(Math.abs(first - expected) <= 1e-12 * n)) {
      throw new AssertionError("dgemm gave " + first + " instead of " + expected);
    }
  }

  private MemorySegment random(long seed) {
    MemorySegment segment = arena.allocate(JAVA_DOUBLE, (long) n * n);
    var random = new Random(seed);
    for (long i = 0; i < (long) n * n; i++) {
      segment.setAtIndex(JAVA_DOUBLE, i, random.nextGaussian());
    }
    return segment;
  }
}
