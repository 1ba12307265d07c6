package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.DType;
import java.util.Optional;

/** Which kernels an engine uses. */
public enum KernelSet {

  /** Plain Java, on any JVM. */
  PLAIN {
    @Override
    RowKernels of(DType dtype) {
      return dtype == DType.F32 ? Plain.SINGLE : Plain.DOUBLE;
    }

    @Override
    Optional<MaskTables> maskTables(DType dtype) {
      return Optional.empty();
    }
  },

  /** The Vector API, on a JVM that was started with its module. */
  VECTOR {
    @Override
    RowKernels of(DType dtype) {
      return dtype == DType.F32 ? Vector.SINGLE : Vector.DOUBLE;
    }

    @Override
    Optional<MaskTables> maskTables(DType dtype) {
      return Optional.of(dtype == DType.F32 ? new FloatMaskTables() : new DoubleMaskTables());
    }
  };

  private static final String PROPERTY = "contraspectra.vector";
  private static final String MODULE = "jdk.incubator.vector";

  /** The vector kernels where this JVM has them and the property {@code contraspectra.vector} is not {@code off}. */
  public static KernelSet best() {
    boolean off = System.getProperty(PROPERTY, "").equals("off");
    return !off && hasVectors() ? VECTOR : PLAIN;
  }

  private static boolean hasVectors() {
    return ModuleLayer.boot().findModule(MODULE).filter(KernelSet.class.getModule()::canRead).isPresent();
  }

  abstract RowKernels of(DType dtype);

  /** New tables, where this set has something faster than products for slopes of 0 and 1. */
  abstract Optional<MaskTables> maskTables(DType dtype);

  // Each holder is loaded, and its species asked for, only when its set is used.
  private static final class Plain {
    static final RowKernels SINGLE = new PlainKernels(Elements.SINGLE);
    static final RowKernels DOUBLE = new PlainKernels(Elements.DOUBLE);
  }

  private static final class Vector {
    static final VectorKernels DOUBLE = new VectorKernels();
    static final RowKernels SINGLE = new WideningKernels(DOUBLE);
  }
}
