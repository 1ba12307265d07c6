package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.DType;
import java.util.Optional;
import jdk.incubator.vector.VectorShape;

/** Which kernels an engine uses. */
public enum KernelSet {

  /** Plain Java, on any JVM. */
  PLAIN {
    @Override
    RowKernels of(DType dtype) {
      return dtype == DType.F32 ? Plain.SINGLE : Plain.DOUBLE;
    }

    @Override
    Optional<Strips> strips(DType dtype) {
      return Optional.empty();
    }

    @Override
    Optional<BitSums> bitSums(DType dtype) {
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
    Optional<Strips> strips(DType dtype) {
      ThreadLocal<Strips> strips = dtype == DType.F32 ? Vector.FLOATS : Vector.DOUBLES;
      return Vector.HAS_STRIPS ? Optional.of(strips.get()) : Optional.empty();
    }

    @Override
    Optional<BitSums> bitSums(DType dtype) {
      return Vector.HAS_STRIPS ? Optional.of(dtype == DType.F32 ? Vector.FLOAT_BITS : Vector.DOUBLE_BITS)
          : Optional.empty();
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

  /** This thread's register tiles, where this set has them and the machine has registers enough. */
  abstract Optional<Strips> strips(DType dtype);

  /** Sums of chosen rows, where this set has them. */
  abstract Optional<BitSums> bitSums(DType dtype);

  // Each holder is loaded, and its species asked for, only when its set is used.
  private static final class Plain {
    static final RowKernels SINGLE = new PlainKernels(Elements.SINGLE);
    static final RowKernels DOUBLE = new PlainKernels(Elements.DOUBLE);
  }

  private static final class Vector {
    static final VectorKernels DOUBLE = new VectorKernels();
    static final RowKernels SINGLE = new WideningKernels(DOUBLE);
    // 24 sums and their factors: machines with shorter vectors mostly have 16 registers.
    static final boolean HAS_STRIPS = VectorShape.preferredShape().vectorBitSize() == 512;
    static final ThreadLocal<Strips> FLOATS = ThreadLocal.withInitial(FloatStrips::new);
    static final ThreadLocal<Strips> DOUBLES = ThreadLocal.withInitial(DoubleStrips::new);
    static final BitSums FLOAT_BITS = new FloatBitSums();
    static final BitSums DOUBLE_BITS = new DoubleBitSums();
  }
}
