package io.contraspectra.core.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.contraspectra.core.matrix.Matrix;
import java.lang.foreign.MemorySegment;

/** Sums with a matrix of which each element stands for a block of {@code repeat x repeat} elements. */
final class Expansions {

  // Elements of an expanded piece of a row: with the pieces that it meets it stays in the first-level cache.
  private static final long PIECE = 1024;
  private static final Scratch EXPANDED = new Scratch(PIECE * Double.BYTES);

  // From here on a block's row is long enough to be a run of its own.
  private static final int LONG_REPEAT = 128;

  private final RowKernels kernels;
  private final int repeat;

  Expansions(RowKernels kernels, int repeat) {
    this.kernels = kernels;
    this.repeat = repeat;
  }

  /** {@code C += (F ⊗ 1) ∘ B}. */
  void addHadamard(Elementwise elementwise, Matrix f, Matrix b, Matrix c) {
    HostMatrix factors = HostMatrix.of(f);
    HostMatrix from = HostMatrix.of(b);
    HostMatrix to = HostMatrix.of(c);
    elementwise.ranges(f.rows(), c.cols() * repeat, (first, end) -> {
      for (long row = first; row < end; row++) {
        addHadamard(factors, from, to, row, f.cols());
      }
    });
  }

  /** {@code C += (F ⊗ 1) ∘ B}, for one row of F. */
  void addHadamard(HostMatrix f, HostMatrix b, HostMatrix c, long row, long cols) {
    if (repeat == 1) {
      kernels.multiplyAdd(f.segment(), f.at(row, 0), b.segment(), b.at(row, 0), c.segment(), c.at(row, 0), cols);
    } else if (repeat >= LONG_REPEAT) {
      addScaledRuns(f, b, c, row, cols);
    } else {
      addExpanded(f, b, c, row, cols);
    }
  }

  private void addScaledRuns(HostMatrix f, HostMatrix b, HostMatrix c, long row, long cols) {
    for (long to = row * repeat; to < (row + 1) * repeat; to++) {
      for (long col = 0; col < cols; col++) {
        long start = col * repeat;
        kernels.add(f.get(row, col), b.segment(), b.at(to, start), 1, c.segment(), c.at(to, start), repeat);
      }
    }
  }

  // A piece of F's row is expanded once, and then serves `repeat` rows of B and C.
  private void addExpanded(HostMatrix f, HostMatrix b, HostMatrix c, long row, long cols) {
    MemorySegment expanded = EXPANDED.get();
    long width = PIECE / repeat;
    for (long col = 0; col < cols; col += width) {
      long n = Math.min(width, cols - col);
      kernels.repeat(f.segment(), f.at(row, col), repeat, expanded, 0, n);
      long start = col * repeat;
      for (long to = row * repeat; to < (row + 1) * repeat; to++) {
        kernels.multiplyAdd(expanded, 0, b.segment(), b.at(to, start), c.segment(), c.at(to, start), n * repeat);
      }
    }
  }

  /** {@code C += F ⊗ I}. */
  void addKroneckerIdentity(Elementwise elementwise, Matrix f, Matrix c) {
    HostMatrix factors = HostMatrix.of(f);
    HostMatrix to = HostMatrix.of(c);
    elementwise.ranges(f.rows(), c.cols(), (first, end) -> {
      for (long row = first; row < end; row++) {
        addKroneckerIdentity(factors, to, row, f.cols());
      }
    });
  }

  private void addKroneckerIdentity(HostMatrix f, HostMatrix c, long row, long cols) {
    MemorySegment from = f.segment();
    MemorySegment sums = c.segment();
    long step = (long) repeat * c.elements().bytes();
    for (long k = 0; k < repeat; k++) {
      long at = c.at(row * repeat + k, k);
      long factor = f.at(row, 0);
      switch (c.elements()) {
        case SINGLE -> {
          for (long j = 0; j < cols; j++) {
            float sum = sums.get(JAVA_FLOAT, at + j * step) + from.get(JAVA_FLOAT, factor + j * Float.BYTES);
            sums.set(JAVA_FLOAT, at + j * step, sum);
          }
        }
        case DOUBLE -> {
          for (long j = 0; j < cols; j++) {
            double sum = sums.get(JAVA_DOUBLE, at + j * step) + from.get(JAVA_DOUBLE, factor + j * Double.BYTES);
            sums.set(JAVA_DOUBLE, at + j * step, sum);
          }
        }
      }
    }
  }
}
