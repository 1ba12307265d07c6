package io.contraspectra.core.ntk;

import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;

/**
 * What a kernel will cost, known before it is computed.
 *
 * @param rows rows of the result
 * @param cols columns of the result
 * @param flops floating-point operations of the products, a multiply-add counted as 2
 * @param bytes memory that it takes at its peak, the result included wherever it lies; inputs, parameters and vectors
 *     not
 * @param tiles independent pieces of work
 */
public record NtkPlan(long rows, long cols, double flops, long bytes, long tiles) {

  /** Flops of the full kernel of one pair of samples, the products of all layers; an estimate that needs no backend. */
  public static double fullFlopsPerPair(Architecture architecture) {
    return KernelKind.FULL.flopsPerPair(architecture);
  }

  /** Flops of the trace kernel of one pair of samples, as {@link #fullFlopsPerPair}. */
  public static double traceFlopsPerPair(Architecture architecture) {
    return KernelKind.TRACE.flopsPerPair(architecture);
  }

  /** Products of a kernel with vectors; {@code same} if the samples of rows and columns are one set. */
  static NtkPlan product(
      Network network, KernelKind kind, long rows, long cols, boolean same, long vectors, long budget) {
    StreamPlan plan = StreamedGram.plan(network, kind, rows, cols, same, vectors, budget);
    long size = rows * kind.rowsPerSample(network.architecture());
    double flops = StreamedGram.productFlops(network, kind, plan, vectors)
        + StreamedGram.signalFlops(network, kind, plan);
    return new NtkPlan(vectors, size, flops, Matrix.bytes(network.dtype(), vectors, size) + plan.bytes(), plan.tiles());
  }

  /** A stored kernel of N by N' samples; {@code same} if they are one set, {@code sent} if it is stored elsewhere. */
  static NtkPlan gram(
      Network network, KernelKind kind, long rows, long cols, boolean same, boolean sent, long budget) {
    Architecture architecture = network.architecture();
    NtkTerms terms = NtkTerms.all(architecture);
    GramPlan plan = GramPlan.of(network, kind, terms, rows, cols, same, sent, budget);
    double flops = plan.samplesLoaded() * InputSignals.flopsPerSample(architecture, kind.needs(terms))
        + plan.tileFlops(network);
    long perSample = kind.rowsPerSample(architecture);
    return new NtkPlan(rows * perSample, cols * perSample, flops,
        Matrix.bytes(network.dtype(), rows * perSample, cols * perSample) + plan.bytes(), plan.grid().tiles());
  }
}
