package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.Matrix;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code C_(iK+k),(jK+l) = F_ij Σ_m G_im H_jm W_km W_lm + [k = l] E_ij}. The sums are symmetric in (k, l), so they are
 * formed for k &lt;= l only, unless there are so many outputs that a block of them would not stay in cache.
 */
final class FaceSplitGram {

  private static final int MOST_PAIRED_OUTPUTS = 32;

  // A single pair would fill a quarter of a register tile.
  private static final int LEAST_STRIP_OUTPUTS = 2;

  private final CpuEngine engine;
  private final Products products;
  private final KernelSet kernels;

  FaceSplitGram(CpuEngine engine, Products products, KernelSet kernels) {
    this.engine = engine;
    this.products = products;
    this.kernels = kernels;
  }

  /** Forms a C of at least one element. */
  void into(Matrix f, Matrix g, Matrix h, Matrix w, @Nullable Matrix e, Matrix c) {
    int outputs = Math.toIntExact(w.rows());
    boolean paired = outputs <= MOST_PAIRED_OUTPUTS;
    Optional<Strips> strips = paired && outputs >= LEAST_STRIP_OUTPUTS && w.cols() > 0
        ? kernels.strips(w.dtype())
        : Optional.empty();
    if (strips.isPresent()) {
      new FaceSplitStrips(strips.get(), HostMatrix.of(g), HostMatrix.of(w), outputs, Math.toIntExact(w.cols()))
          .into(HostMatrix.of(f), HostMatrix.of(h), e == null ? null : HostMatrix.of(e), HostMatrix.of(c),
              Math.toIntExact(g.rows()), h.rows());
      return;
    }
    engine.fill(0, c);
    if (w.cols() > 0 && paired) {
      addPaired(f, g, h, w, c);
    } else if (w.cols() > 0) {
      addProducts(f, g, h, w, c);
    }
    if (e != null) {
      engine.addKroneckerIdentity(e, outputs, c);
    }
  }

  private void addPaired(Matrix f, Matrix g, Matrix h, Matrix w, Matrix c) {
    var source = new WeightedProducts(products, kernels.of(g.dtype()), g, h, w);
    var blocks = new SymmetricBlocks((int) w.rows());
    long step = source.rowsAtOnce();
    for (long row = 0; row < g.rows(); row += step) {
      long count = Math.min(step, g.rows() - row);
      blocks.add(HostMatrix.of(f), source.of(row, count), HostMatrix.of(c), row, count, h.rows());
    }
  }

  private void addProducts(Matrix f, Matrix g, Matrix h, Matrix w, Matrix c) {
    HostMatrix gram = new FaceSplitPanels(products, kernels.of(w.dtype())).gram(g, h, w);
    var expansions = new Expansions(kernels.of(w.dtype()), Math.toIntExact(w.rows()));
    for (long row = 0; row < g.rows(); row++) {
      expansions.addHadamard(HostMatrix.of(f), gram, HostMatrix.of(c), row, h.rows());
    }
  }
}
