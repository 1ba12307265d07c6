package io.contraspectra.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;

/** Times of a kernel that writes a buffer and of a fill of the same buffer over one measurement iteration. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class FillRates {
  private int iterations;
  private double kernelSeconds;
  private double fillSeconds;

  /**
   * Rate of the kernel over the rate of the fill. JMH reports the sum of a counter over all iterations, so each iteration
   * counts its share: what is reported is the mean.
   */
  public double fractionOfFill() {
    return fillSeconds / kernelSeconds / iterations;
  }

  /** Starts an iteration. */
  @Setup(Level.Iteration)
  public void reset(BenchmarkParams parameters) {
    iterations = parameters.getMeasurement().getCount() * Math.max(1, parameters.getForks());
    kernelSeconds = fillSeconds = 0;
  }

  /** Times the kernel, and a fill of the same buffer right after it. */
  void time(Runnable kernel, Runnable fill) {
    long start = System.nanoTime();
    kernel.run();
    long between = System.nanoTime();
    fill.run();
    fillSeconds += (System.nanoTime() - between) * 1e-9;
    kernelSeconds += (between - start) * 1e-9;
  }
}
