package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.Matrix;
import java.util.Optional;

/**
 * {@code C_(iK+k),(jK+l) += F_ij Σ_m G_im H_jm W_km W_lm}. The sums are symmetric in (k, l), so they are formed for
 * k &lt;= l only, unless there are so many outputs that a block of them would not stay in cache.
 */
final class FaceSplitGram {

  private static final int MOST_PAIRED_OUTPUTS = 32;

  private static final long LEAST_SAMPLE_PAIRS = 256;
  private static final long LEAST_OUTPUTS = 5;

  private final Products products;
  private final KernelSet kernels;

  FaceSplitGram(Products products, KernelSet kernels) {
    this.products = products;
    this.kernels = kernels;
  }

  /** Adds to a C of at least one element, for at least one unit m. */
  void add(Matrix f, Matrix g, Matrix h, Matrix w, Matrix c) {
    if (w.rows() <= MOST_PAIRED_OUTPUTS) {
      addPaired(HostMatrix.of(f), source(g, h, w), HostMatrix.of(c), g.rows(), h.rows(), (int) w.rows());
    } else {
      HostMatrix gram = new FaceSplitPanels(products, kernels.of(w.dtype())).gram(g, h, w);
      var expansions = new Expansions(kernels.of(w.dtype()), Math.toIntExact(w.rows()));
      for (long row = 0; row < g.rows(); row++) {
        expansions.addHadamard(HostMatrix.of(f), gram, HostMatrix.of(c), row, h.rows());
      }
    }
  }

  private static void addPaired(HostMatrix f, PairSums.Source source, HostMatrix c, long rows, long cols, int outputs) {
    var blocks = new SymmetricBlocks(outputs);
    long step = source.rowsAtOnce();
    for (long row = 0; row < rows; row += step) {
      long count = Math.min(step, rows - row);
      blocks.add(f, source.of(row, count), c, row, count, cols);
    }
  }

  private PairSums.Source source(Matrix g, Matrix h, Matrix w) {
    return masked(g, h, w).orElseGet(() -> new WeightedProducts(products, kernels.of(g.dtype()), g, h, w));
  }

  // Tables must be filled, and their entries be wide: for few pairs of samples or of outputs a product is faster.
  private Optional<PairSums.Source> masked(Matrix g, Matrix h, Matrix w) {
    boolean pays = g.rows() * h.rows() >= LEAST_SAMPLE_PAIRS && w.rows() >= LEAST_OUTPUTS;
    Optional<MaskTables> tables = pays ? kernels.maskTables(g.dtype()) : Optional.empty();
    return tables.flatMap(t -> UnitMasks.of(g).flatMap(left -> UnitMasks.of(h).map(right ->
        new MaskedSums(t, left, right, w, Math.toIntExact(h.rows())))));
  }
}
