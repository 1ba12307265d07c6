package io.contraspectra.core.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.HostMemory;
import io.contraspectra.core.matrix.Matrix;
import java.lang.foreign.MemorySegment;

/** A matrix in host memory as kernels see it: a segment, and the byte at which each element starts. */
record HostMatrix(MemorySegment segment, DType dtype, long start, long rowStride) {

  static HostMatrix of(Matrix matrix) {
    long bytes = matrix.dtype().bytes();
    MemorySegment segment = ((HostMemory) matrix.memory()).segment();
    return new HostMatrix(segment, matrix.dtype(), matrix.offset() * bytes, matrix.leadingDimension() * bytes);
  }

  /** Where an element lies in {@link #segment}. */
  long at(long row, long col) {
    return start + row * rowStride + col * dtype.bytes();
  }

  /** The element at a byte offset. */
  double get(long at) {
    return switch (dtype) {
      case F32 -> segment.get(JAVA_FLOAT, at);
      case F64 -> segment.get(JAVA_DOUBLE, at);
    };
  }

  /** Sets the element at a byte offset, rounding to the element type. */
  void set(long at, double value) {
    switch (dtype) {
      case F32 -> segment.set(JAVA_FLOAT, at, (float) value);
      case F64 -> segment.set(JAVA_DOUBLE, at, value);
    }
  }

  /** The bytes from the first element on, for native calls. */
  MemorySegment fromStart() {
    return segment.asSlice(start);
  }
}
