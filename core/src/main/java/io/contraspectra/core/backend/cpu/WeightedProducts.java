package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.Matrix;
import java.lang.foreign.MemorySegment;

/**
 * {@link PairSums} by gemm: the rows {@code g_i ∘ w_k ∘ w_l} of a few samples i form one panel, and {@code H} times the
 * panel's transpose has all sums. A panel is cut along the units, so that it stays in cache.
 */
final class WeightedProducts implements PairSums.Source {

  // 2.7 MB of doubles: gemm packs the panel in pieces of its own, so it need not fit into a core's cache. Other sizes
  // near this one measured the same within the noise.
  private static final int PANEL_ROWS = 880;
  private static final long PANEL_UNITS = 384;

  private static final Scratch WEIGHTS = new Scratch(0);
  private static final Scratch PANEL = new Scratch(0);
  private static final Scratch SUMS = new Scratch(0);

  private final Products products;
  private final RowKernels kernels;
  private final Matrix h;
  private final HostMatrix slopes;
  private final HostMatrix weights;
  private final int outputs;
  private final int pairs;
  private final long bytes;

  WeightedProducts(Products products, RowKernels kernels, Matrix g, Matrix h, Matrix w) {
    this.products = products;
    this.kernels = kernels;
    this.h = h;
    this.slopes = HostMatrix.of(g);
    this.weights = HostMatrix.of(w);
    this.outputs = (int) w.rows();
    this.pairs = PairSums.pairs(outputs);
    this.bytes = slopes.elements().bytes();
  }

  @Override
  public long rowsAtOnce() {
    return Math.max(1, PANEL_ROWS / pairs);
  }

  @Override
  public PairSums of(long row, long count) {
    MemorySegment sums = SUMS.get(h.rows() * count * pairs * bytes);
    for (long unit = 0; unit < h.cols(); unit += PANEL_UNITS) {
      long units = Math.min(PANEL_UNITS, h.cols() - unit);
      MemorySegment panel = panel(row, count, unit, units);
      MemorySegment columns = HostMatrix.of(h.block(0, unit, h.rows(), units)).fromStart();
      products.gemm(h.dtype(), h.rows(), count * pairs, units, columns, h.leadingDimension(), panel, unit == 0 ? 0 : 1,
          sums);
    }
    return new PairSums(sums, pairs * bytes, count * pairs * bytes);
  }

  private MemorySegment panel(long row, long count, long unit, long units) {
    MemorySegment products = pairProducts(unit, units);
    MemorySegment panel = PANEL.get(count * pairs * units * bytes);
    long step = units * bytes;
    for (long i = 0; i < count; i++) {
      long slope = slopes.at(row + i, unit);
      for (long q = 0; q < pairs; q++) {
        kernels.multiply(slopes.segment(), slope, products, q * step, panel, (i * pairs + q) * step, units);
      }
    }
    return panel;
  }

  /** The rows {@code w_k ∘ w_l}, k &lt;= l. */
  private MemorySegment pairProducts(long unit, long units) {
    MemorySegment products = WEIGHTS.get(pairs * units * bytes);
    long at = 0;
    for (long k = 0; k < outputs; k++) {
      for (long l = k; l < outputs; l++) {
        kernels.multiply(weights.segment(), weights.at(k, unit), weights.segment(), weights.at(l, unit),
            products, at, units);
        at += units * bytes;
      }
    }
    return products;
  }
}
