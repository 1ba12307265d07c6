package io.contraspectra.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.BenchmarkParams;

/** Rates of a kernel and of gemm over one measurement iteration. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Rates {

  private int iterations;
  private double kernelSeconds;
  private double kernelFlops;
  private double gemmSeconds;
  private double gemmFlops;

  /**
   * Rate of the kernel over the rate of gemm. JMH reports the sum of a counter over all iterations, so each iteration
   * counts its share: what is reported is the mean.
   */
  public double fractionOfGemm() {
    return kernelFlops / kernelSeconds / (gemmFlops / gemmSeconds) / iterations;
  }

  /** Starts an iteration. */
  @Setup(Level.Iteration)
  public void reset(BenchmarkParams parameters) {
    iterations = parameters.getMeasurement().getCount() * Math.max(1, parameters.getForks());
    kernelSeconds = kernelFlops = gemmSeconds = gemmFlops = 0;
  }

  /**
   * Times the kernel, which needs {@code flops}, and one gemm right after it. Small kernels run as often as makes about
   * the flops of the gemm, since a machine that has just done something else is another one.
   *
   * @return how often the kernel ran
   */
  int time(double flops, Runnable kernel, Gemm gemm) {
    int times = (int) Math.max(1, gemm.flops() / flops);
    gemm.settle();
    long start = System.nanoTime();
    for (int i = 0; i < times; i++) {
      kernel.run();
    }
    gemm.settle();
    long between = System.nanoTime();
    gemm.run();
    gemm.settle();
    gemmSeconds += (System.nanoTime() - between) * 1e-9;
    kernelSeconds += (between - start) * 1e-9;
    kernelFlops += times * flops;
    gemmFlops += gemm.flops();
    return times;
  }
}
