package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.Matrix;
import java.lang.foreign.MemorySegment;

/**
 * The Gram of two face-splitting products by gemm, both formed a strip of units at a time. Takes twice the flops of
 * {@link PairSums}, but what is formed before each product grows with K only, not with K².
 */
final class FaceSplitPanels {

  private static final long STRIP = 256;

  private static final Scratch LEFT = new Scratch(0);
  private static final Scratch RIGHT = new Scratch(0);
  private static final Scratch GRAM = new Scratch(0);

  private final Products products;
  private final RowKernels kernels;

  FaceSplitPanels(Products products, RowKernels kernels) {
    this.products = products;
    this.kernels = kernels;
  }

  /** The Gram of the face-splitting products of G and H with W, in scratch memory: valid until the next call. */
  HostMatrix gram(Matrix g, Matrix h, Matrix w) {
    long rows = g.rows() * w.rows();
    long cols = h.rows() * w.rows();
    Elements elements = Elements.of(w.dtype());
    MemorySegment gram = GRAM.get(rows * cols * elements.bytes());
    for (long unit = 0; unit < w.cols(); unit += STRIP) {
      long units = Math.min(STRIP, w.cols() - unit);
      MemorySegment left = panel(LEFT, g, w, unit, units);
      MemorySegment right = panel(RIGHT, h, w, unit, units);
      products.gemm(w.dtype(), rows, cols, units, left, units, right, unit == 0 ? 0 : 1, gram);
    }
    return new HostMatrix(gram, elements, 0, cols * elements.bytes());
  }

  private MemorySegment panel(Scratch scratch, Matrix slopes, Matrix weights, long unit, long units) {
    HostMatrix g = HostMatrix.of(slopes);
    HostMatrix w = HostMatrix.of(weights);
    long step = units * g.elements().bytes();
    MemorySegment panel = scratch.get(slopes.rows() * weights.rows() * step);
    long at = 0;
    for (long i = 0; i < slopes.rows(); i++) {
      for (long k = 0; k < weights.rows(); k++) {
        kernels.multiply(g.segment(), g.at(i, unit), w.segment(), w.at(k, unit), panel, at, units);
        at += step;
      }
    }
    return panel;
  }
}
