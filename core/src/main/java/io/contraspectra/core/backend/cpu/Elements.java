package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Reads and writes elements of one type in native memory as doubles, singly and in runs. */
enum Elements {

  SINGLE(Float.BYTES) {
    @Override
    double get(MemorySegment x, long at) {
      return x.get(ValueLayout.JAVA_FLOAT, at);
    }

    @Override
    void set(MemorySegment y, long at, double value) {
      y.set(ValueLayout.JAVA_FLOAT, at, (float) value);
    }

    @Override
    double rounded(double value) {
      return (float) value;
    }

    @Override
    void load(MemorySegment x, long at, double[] target, int n) {
      float[] floats = FLOATS.get();
      for (int done = 0; done < n; done += floats.length) {
        int m = Math.min(floats.length, n - done);
        MemorySegment.copy(x, ValueLayout.JAVA_FLOAT, at + (long) done * Float.BYTES, floats, 0, m);
        for (int i = 0; i < m; i++) {
          target[done + i] = floats[i];
        }
      }
    }

    @Override
    void store(double[] source, MemorySegment y, long at, int n) {
      float[] floats = FLOATS.get();
      for (int done = 0; done < n; done += floats.length) {
        int m = Math.min(floats.length, n - done);
        for (int i = 0; i < m; i++) {
          floats[i] = (float) source[done + i];
        }
        MemorySegment.copy(floats, 0, y, ValueLayout.JAVA_FLOAT, at + (long) done * Float.BYTES, m);
      }
    }
  },

  DOUBLE(Double.BYTES) {
    @Override
    double get(MemorySegment x, long at) {
      return x.get(ValueLayout.JAVA_DOUBLE, at);
    }

    @Override
    void set(MemorySegment y, long at, double value) {
      y.set(ValueLayout.JAVA_DOUBLE, at, value);
    }

    @Override
    double rounded(double value) {
      return value;
    }

    @Override
    void load(MemorySegment x, long at, double[] target, int n) {
      MemorySegment.copy(x, ValueLayout.JAVA_DOUBLE, at, target, 0, n);
    }

    @Override
    void store(double[] source, MemorySegment y, long at, int n) {
      MemorySegment.copy(source, 0, y, ValueLayout.JAVA_DOUBLE, at, n);
    }
  };

  private static final ThreadLocal<float[]> FLOATS = ThreadLocal.withInitial(() -> new float[1024]);

  private final int bytes;

  Elements(int bytes) {
    this.bytes = bytes;
  }

  static Elements of(DType dtype) {
    return switch (dtype) {
      case F32 -> SINGLE;
      case F64 -> DOUBLE;
    };
  }

  /** Bytes of one element. */
  int bytes() {
    return bytes;
  }

  /** The element at byte {@code at}. */
  abstract double get(MemorySegment x, long at);

  /** Sets the element at byte {@code at}, rounding to the element type. */
  abstract void set(MemorySegment y, long at, double value);

  /** The number of this type that is next to {@code value}. */
  abstract double rounded(double value);

  /** Copies {@code n} elements, from byte {@code at} on, to the start of {@code target}. */
  abstract void load(MemorySegment x, long at, double[] target, int n);

  /** Copies the first {@code n} numbers of {@code source} to byte {@code at} on, rounding to the element type. */
  abstract void store(double[] source, MemorySegment y, long at, int n);
}
