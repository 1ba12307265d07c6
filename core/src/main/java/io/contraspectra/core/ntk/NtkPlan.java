package io.contraspectra.core.ntk;

import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;

/**
 * What a kernel will cost, known before it is computed.
 *
 * @param rows rows of the Gram
 * @param cols columns of the Gram
 * @param flops floating-point operations of the products, a multiply-add counted as 2
 * @param bytes memory that it takes at its peak, the result included, the inputs and parameters not, nor what each
 *     thread needs for a tile
 * @param tiles independent pieces of work
 */
public record NtkPlan(long rows, long cols, double flops, long bytes, long tiles) {

  /** A stored kernel of N by N' samples; {@code same} if they are one set. */
  static NtkPlan gram(Network network, KernelKind kind, long rows, long cols, boolean same) {
    Architecture architecture = network.architecture();
    NtkTerms terms = NtkTerms.all(architecture);
    TileGrid grid = kind.grid(architecture, rows, cols, same);
    long perSample = kind.rowsPerSample(architecture);
    double flops = (same ? rows : rows + cols) * InputSignals.flopsPerSample(architecture, kind.needs(terms))
        + grid.pairs() * kind.flopsPerPair(architecture);
    long bytes = Matrix.bytes(network.dtype(), rows * perSample, cols * perSample)
        + InputSignals.bytes(network, kind.needs(terms), rows)
        + (same ? 0 : InputSignals.bytes(network, kind.needs(terms), cols));
    return new NtkPlan(rows * perSample, cols * perSample, flops, bytes, grid.tiles());
  }
}
