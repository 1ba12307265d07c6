package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.DType;

/** The row kernels of one engine, one instance for each element type. */
public enum KernelSet {

  /** Plain Java, on any JVM. */
  PLAIN;

  /** The fastest kernels that this JVM can run. */
  public static KernelSet best() {
    return PLAIN;
  }

  RowKernels of(DType dtype) {
    return switch (dtype) {
      case F32 -> PlainHolder.SINGLE;
      case F64 -> PlainHolder.DOUBLE;
    };
  }

  private static final class PlainHolder {
    static final RowKernels SINGLE = new PlainKernels(Elements.SINGLE);
    static final RowKernels DOUBLE = new PlainKernels(Elements.DOUBLE);
  }
}
