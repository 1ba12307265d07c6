package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.DType;
import java.lang.foreign.MemorySegment;

/** Copies a run of elements from one element type to another. */
@FunctionalInterface
interface Conversion {

  /** Copies n elements from byte {@code xAt} of x to byte {@code yAt} of y. */
  void run(MemorySegment x, long xAt, MemorySegment y, long yAt, long n);

  static Conversion of(KernelSet kernels, DType from, DType to) {
    if (from == to) {
      return (x, xAt, y, yAt, n) -> MemorySegment.copy(x, xAt, y, yAt, n * from.bytes());
    }
    return switch (to) {
      case F64 -> kernels.of(from)::widen;
      case F32 -> kernels.of(to)::narrow;
    };
  }
}
