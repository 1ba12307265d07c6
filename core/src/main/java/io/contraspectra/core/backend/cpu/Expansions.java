package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.Matrix;
import java.lang.foreign.MemorySegment;

/** Products with a matrix of which each element stands for a block of {@code repeat x repeat} elements. */
final class Expansions {

  // Elements of an expanded piece of a row: with the pieces that it meets it stays in the first-level cache.
  private static final long PIECE = 1024;

  private final RowKernels kernels;
  private final int repeat;

  Expansions(RowKernels kernels, int repeat) {
    this.kernels = kernels;
    this.repeat = repeat;
  }

  /** {@code C += (F ⊗ 1) ∘ B}, for one row of F. */
  void addHadamard(Matrix f, Matrix b, Matrix c, long row) {
    HostMatrix factor = HostMatrix.of(f);
    HostMatrix from = HostMatrix.of(b);
    HostMatrix to = HostMatrix.of(c);
    long width = Math.max(1, PIECE / repeat);
    MemorySegment expanded = Scratch.bytes(width * repeat * to.dtype().bytes());
    for (long col = 0; col < f.cols(); col += width) {
      long n = Math.min(width, f.cols() - col);
      kernels.repeat(factor.segment(), factor.at(row, col), repeat, expanded, 0, n);
      for (long k = row * repeat; k < (row + 1) * repeat; k++) {
        long start = col * repeat;
        kernels.multiplyAdd(expanded, 0, from.segment(), from.at(k, start), to.segment(), to.at(k, start), n * repeat);
      }
    }
  }

  /** {@code C += F ⊗ I}, for one row of F. */
  void addKroneckerIdentity(Matrix f, Matrix c, long row) {
    HostMatrix factor = HostMatrix.of(f);
    HostMatrix to = HostMatrix.of(c);
    for (long k = 0; k < repeat; k++) {
      for (long col = 0; col < f.cols(); col++) {
        long at = to.at(row * repeat + k, col * repeat + k);
        to.set(at, to.get(at) + factor.get(factor.at(row, col)));
      }
    }
  }
}
