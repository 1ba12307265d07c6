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

  /** The full kernel of N by N' samples; {@code same} if they are one set. */
  static NtkPlan full(Network network, long rows, long cols, boolean same) {
    Architecture architecture = network.architecture();
    long outputs = architecture.outputs();
    TileGrid grid = FullGram.grid(architecture, rows, cols, same);
    double flops = signalFlops(architecture, same ? rows : rows + cols) + forwardFlops(architecture, grid);
    int layers = architecture.layers();
    for (int layer = 1; layer < layers; layer++) {
      long blocks = layer == layers - 1 ? outputs * (outputs + 1) / 2 : outputs * outputs;
      flops += 2 * grid.pairs() * blocks * architecture.width(layer);
    }
    return of(network, rows * outputs, cols * outputs, flops, same ? rows : rows + cols, grid);
  }

  /** The trace kernel of N by N' samples; {@code same} if they are one set. */
  static NtkPlan trace(Network network, long rows, long cols, boolean same) {
    Architecture architecture = network.architecture();
    TileGrid grid = TraceGram.grid(rows, cols, same);
    double flops = signalFlops(architecture, same ? rows : rows + cols) + forwardFlops(architecture, grid);
    int layers = architecture.layers();
    for (int layer = 1; layer < layers; layer++) {
      flops += 2 * grid.pairs() * (layer == layers - 1 ? 1 : architecture.outputs()) * architecture.width(layer);
    }
    return of(network, rows, cols, flops, same ? rows : rows + cols, grid);
  }

  private static NtkPlan of(Network network, long rows, long cols, double flops, long samples, TileGrid grid) {
    long bytes = Matrix.bytes(network.dtype(), rows, cols) + InputSignals.bytes(network, samples);
    return new NtkPlan(rows, cols, flops, bytes, grid.tiles());
  }

  // Forward through every layer, and backward through those between the first and the readout.
  private static double signalFlops(Architecture architecture, long samples) {
    double flops = 0;
    for (int layer = 1; layer <= architecture.layers(); layer++) {
      int passes = layer > 1 && layer < architecture.layers() ? 1 + architecture.outputs() : 1;
      flops += 2.0 * passes * samples * architecture.width(layer) * architecture.width(layer - 1);
    }
    return flops;
  }

  private static double forwardFlops(Architecture architecture, TileGrid grid) {
    double flops = 0;
    for (int layer = 1; layer <= architecture.layers(); layer++) {
      flops += 2 * grid.pairs() * architecture.width(layer - 1);
    }
    return flops;
  }
}
