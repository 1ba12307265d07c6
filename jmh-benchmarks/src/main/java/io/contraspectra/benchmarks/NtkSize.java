package io.contraspectra.benchmarks;

import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import java.util.Arrays;

/** The problem sizes on which NTK kernels are timed, with the least flops known for each (a multiply-add is 2). */
public enum NtkSize {
  SMALL(128, 64, 512, 4),
  MEDIUM(512, 784, 2048, 10),
  DEEP(256, 784, 1024, 1024, 1024, 10),
  TRACE(4096, 784, 4096, 10);

  private final int samples;
  private final int[] widths;

  NtkSize(int samples, int... widths) {
    this.samples = samples;
    this.widths = widths;
  }

  /** N. */
  public int samples() {
    return samples;
  }

  /** Input dimension, hidden widths, outputs. */
  public Architecture architecture(Activation activation) {
    return Architecture.ntk(activation, widths);
  }

  /**
   * Flops of the full Gram with all symmetries used: passes, one triangle of every forward Gram, both symmetries of the
   * layer under the readout, one triangle of the backward Grams below it.
   */
  public double flops() {
    double n = samples;
    double k = widths[widths.length - 1];
    int layers = widths.length - 1;
    double flops = 0;
    for (int l = 1; l <= layers; l++) {
      flops += 2 * n * widths[l] * widths[l - 1];
      flops += n * n * widths[l - 1];
    }
    for (int l = 2; l < layers; l++) {
      flops += 2 * n * k * widths[l] * widths[l - 1];
    }
    for (int l = 1; l < layers - 1; l++) {
      flops += n * k * n * k * widths[l];
    }
    return flops + n * n * k * (k + 1) / 2 * widths[layers - 1];
  }

  /** Flops of the trace Gram of a two-layer network by plain products: {@code N²(2M + d) + 2NdM}. */
  public double traceFlops() {
    double n = samples;
    double d = widths[0];
    double m = widths[1];
    return n * n * (2 * m + d) + 2 * n * d * m;
  }

  @Override
  public String toString() {
    return name() + " N=" + samples + " " + Arrays.toString(widths);
  }
}
