package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.HostMemory;
import io.contraspectra.core.matrix.Matrix;
import java.lang.foreign.MemorySegment;

/** A matrix in host memory as kernels see it: a segment, and the byte at which each element starts. */
record HostMatrix(MemorySegment segment, Elements elements, long start, long rowStride) {

  static HostMatrix of(Matrix matrix) {
    Elements elements = Elements.of(matrix.dtype());
    long bytes = elements.bytes();
    MemorySegment segment = ((HostMemory) matrix.memory()).segment();
    return new HostMatrix(segment, elements, matrix.offset() * bytes, matrix.leadingDimension() * bytes);
  }

  /** Where an element lies in {@link #segment}. */
  long at(long row, long col) {
    return start + row * rowStride + col * elements.bytes();
  }

  double get(long row, long col) {
    return elements.get(segment, at(row, col));
  }

  void set(long row, long col, double value) {
    elements.set(segment, at(row, col), value);
  }

  /** The bytes from the first element on, for native calls. */
  MemorySegment fromStart() {
    return segment.asSlice(start);
  }
}
