package io.contraspectra.core.ntk;

import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;

/** The two kernels, and what differs between them. */
enum KernelKind {

  /** All outputs: K rows for a sample. */
  FULL {
    @Override
    long rowsPerSample(Architecture architecture) {
      return architecture.outputs();
    }

    @Override
    TileGrid grid(Architecture architecture, long rows, long cols, boolean symmetric) {
      return FullGram.grid(architecture, rows, cols, symmetric);
    }

    @Override
    TiledGram gram(Network network, InputSignals left, InputSignals right, NtkTerms terms) {
      return new FullGram(network, left, right, terms);
    }

    @Override
    long scratchBytes(Network network, long rows, long cols) {
      return FullGram.scratchBytes(network, rows, cols);
    }

    @Override
    double unformed(long rows) {
      return FullGram.unformed(rows);
    }

    @Override
    double backwardFlops(Architecture architecture, int layer) {
      double outputs = architecture.outputs();
      double pairs = layer == architecture.layers() - 1 ? outputs * (outputs + 1) / 2 : outputs * outputs;
      return 2 * pairs * architecture.width(layer);
    }
  },

  /** The mean over outputs: one row for a sample. */
  TRACE {
    @Override
    long rowsPerSample(Architecture architecture) {
      return 1;
    }

    @Override
    TileGrid grid(Architecture architecture, long rows, long cols, boolean symmetric) {
      return TraceGram.grid(rows, cols, symmetric);
    }

    @Override
    TiledGram gram(Network network, InputSignals left, InputSignals right, NtkTerms terms) {
      return new TraceGram(network, left, right, terms);
    }

    @Override
    long scratchBytes(Network network, long rows, long cols) {
      return TraceGram.scratchBytes(network, rows, cols);
    }

    @Override
    double unformed(long rows) {
      return 0.5 * rows * (rows - 1);
    }

    @Override
    double backwardFlops(Architecture architecture, int layer) {
      return 2.0 * (layer == architecture.layers() - 1 ? 1 : architecture.outputs()) * architecture.width(layer);
    }
  };

  // Rows of the largest tile that is formed to be used at once: long enough for products at full rate.
  private static final long LARGEST_SIDE = 1024;

  /** Rows of the kernel for one sample. */
  abstract long rowsPerSample(Architecture architecture);

  /** The tiles of a stored kernel. */
  abstract TileGrid grid(Architecture architecture, long rows, long cols, boolean symmetric);

  /** The kernel between the samples of two sets of signals; of one set if they are the same object. */
  abstract TiledGram gram(Network network, InputSignals left, InputSignals right, NtkTerms terms);

  /** Bytes that forming a tile takes beside the tile itself. */
  abstract long scratchBytes(Network network, long rows, long cols);

  /** Pairs of a square of so many samples on the diagonal that are not formed but mirrored. */
  abstract double unformed(long rows);

  /** Flops of the backward Gram of a hidden layer for one pair of samples. */
  abstract double backwardFlops(Architecture architecture, int layer);

  /** Bytes of a tile of so many samples and of what forming it takes. */
  long tileBytes(Network network, long rows, long cols) {
    long perSample = rowsPerSample(network.architecture());
    return Workspace.bytes(network.dtype(), rows * perSample, cols * perSample) + scratchBytes(network, rows, cols);
  }

  /** Bytes that forming a tile takes when it is sent to another memory, its mirror image as well. */
  long sentBytes(Network network, long rows, long cols, boolean symmetric) {
    long perSample = rowsPerSample(network.architecture());
    return tileBytes(network, rows, cols)
        + (symmetric ? Workspace.bytes(network.dtype(), cols * perSample, rows * perSample) : 0);
  }

  /** The signals that the terms of this kernel need. */
  SignalNeeds needs(NtkTerms terms) {
    return new SignalNeeds(Math.max(1, terms.lowestLayer()), this == TRACE, false, true);
  }

  /**
   * Flops of the products of one tile.
   *
   * @param diagonal whether the tile starts with the square of its rows with themselves
   */
  double tileFlops(Architecture architecture, NtkTerms terms, TileGrid.Tile tile, boolean diagonal) {
    double pairs = (double) tile.rows() * tile.cols();
    double formed = pairs - (diagonal ? unformed(tile.rows()) : 0);
    double flops = 0;
    for (int layer = 1; layer <= architecture.layers(); layer++) {
      if (terms.touches(layer)) {
        flops += 2 * (this == TRACE ? formed : pairs) * architecture.width(layer - 1);
        flops += layer < architecture.layers() ? formed * backwardFlops(architecture, layer) : 0;
      }
    }
    return flops;
  }

  /** Flops of the kernel of one pair of samples, the products of all layers. */
  double flopsPerPair(Architecture architecture) {
    double flops = 0;
    for (int layer = 1; layer <= architecture.layers(); layer++) {
      flops += 2.0 * architecture.width(layer - 1);
      flops += layer < architecture.layers() ? backwardFlops(architecture, layer) : 0;
    }
    return flops;
  }

  /** How N samples are cut for tiles that are formed to be used at once. */
  SampleBlocks blocks(Architecture architecture, long samples) {
    return SampleBlocks.of(samples, Math.max(1, LARGEST_SIDE / rowsPerSample(architecture)));
  }
}
