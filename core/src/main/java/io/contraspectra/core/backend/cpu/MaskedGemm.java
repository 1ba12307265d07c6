package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Memory;
import java.util.Optional;

/** {@code C = alpha (A ∘ [M ≠ 0]) op(B) + beta C}, with the mask repeated over groups of rows. */
final class MaskedGemm {

  // Fewer rows would leave a third of their register tile idle, fewer columns most of a strip.
  private static final int LEAST_ROWS = 3;
  private static final int LEAST_COLS = 16;

  private final CpuEngine engine;
  private final KernelSet kernels;
  private final Slabs slabs;

  MaskedGemm(CpuEngine engine, KernelSet kernels, Slabs slabs) {
    this.engine = engine;
    this.kernels = kernels;
    this.slabs = slabs;
  }

  /** Forms a C of at least one element, for at least one column of A. */
  void into(Matrix mask, int repeat, Transpose tb, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
    boolean pays = repeat >= LEAST_ROWS && c.cols() >= LEAST_COLS;
    Optional<Strips> strips = pays ? kernels.strips(a.dtype()) : Optional.empty();
    if (strips.isPresent()) {
      new MaskedProduct(strips.get(), HostMatrix.of(a), repeat).into(HostMatrix.of(mask), HostMatrix.of(b),
          tb == Transpose.NO, alpha, beta, HostMatrix.of(c), mask.rows(), Math.toIntExact(a.cols()), c.cols());
    } else {
      Memory slab = slabs.take(Matrix.bytes(a.dtype(), a.rows(), a.cols()));
      try {
        Matrix masked = Matrix.over(slab, a.dtype(), 0, a.rows(), a.cols(), a.cols());
        mask(HostMatrix.of(mask), repeat, a, HostMatrix.of(masked));
        engine.gemm(Transpose.NO, tb, alpha, masked, b, beta, c);
      } finally {
        slabs.give(slab);
      }
    }
  }

  private static void mask(HostMatrix mask, int repeat, Matrix a, HostMatrix masked) {
    HostMatrix from = HostMatrix.of(a);
    int cols = Math.toIntExact(a.cols());
    var there = new double[cols];
    var values = new double[cols];
    for (long row = 0; row < a.rows(); row++) {
      if (row % repeat == 0) {
        mask.elements().load(mask.segment(), mask.at(row / repeat, 0), there, cols);
      }
      from.elements().load(from.segment(), from.at(row, 0), values, cols);
      for (int i = 0; i < cols; i++) {
        values[i] = there[i] == 0 ? 0 : values[i];
      }
      masked.elements().store(values, masked.segment(), masked.at(row, 0), cols);
    }
  }
}
