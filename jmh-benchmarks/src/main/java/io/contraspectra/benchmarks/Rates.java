package io.contraspectra.benchmarks;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Rates of a kernel and of gemm over one measurement iteration. */
@State(Scope.Thread)
@AuxCounters(AuxCounters.Type.EVENTS)
public class Rates {
  private double kernelSeconds;
  private double kernelFlops;
  private double gemmSeconds;
  private double gemmFlops;

  /** Rate of the kernel over the rate of gemm. JMH reports the sum over iterations: divide it by their number. */
  public double fractionOfGemm() {
    return kernelFlops / kernelSeconds / (gemmFlops / gemmSeconds);
  }

  /** Starts an iteration. */
  @Setup(Level.Iteration)
  public void reset() {
    kernelSeconds = kernelFlops = gemmSeconds = gemmFlops = 0;
  }

  /** Times the kernel, which needs {@code flops}, and one gemm right after it. */
  void time(double flops, Runnable kernel, Gemm gemm) {
    gemm.settle();
    long start = System.nanoTime();
    kernel.run();
    gemm.settle();
    long between = System.nanoTime();
    gemm.run();
    gemm.settle();
    gemmSeconds += (System.nanoTime() - between) * 1e-9;
    kernelSeconds += (between - start) * 1e-9;
    kernelFlops += flops;
    gemmFlops += gemm.flops();
  }
}
