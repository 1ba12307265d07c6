package io.contraspectra.bindings.cuda;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.MemorySegment;

/** The two real element types of cuBLAS and cuSOLVER. */
public enum Real {
  /** 4-byte elements. */
  SINGLE(Float.BYTES, 0),
  /** 8-byte elements. */
  DOUBLE(Double.BYTES, 1);

  final int bytes;
  /** {@code cudaDataType}. */
  final int code;

  Real(int bytes, int code) {
    this.bytes = bytes;
    this.code = code;
  }

  void put(MemorySegment memory, double value) {
    switch (this) {
      case SINGLE -> memory.set(JAVA_FLOAT, 0, (float) value);
      case DOUBLE -> memory.set(JAVA_DOUBLE, 0, value);
    }
  }
}
