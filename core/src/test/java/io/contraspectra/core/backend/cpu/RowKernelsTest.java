package io.contraspectra.core.backend.cpu;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.matrix.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both kernel sets on runs of every short length and at every place in a vector, against one line of plain Java. */
class RowKernelsTest {

  private static final int LONGEST = 67;
  private static final int OFFSETS = 9;
  private static final int ROOM = OFFSETS + 4 * LONGEST;
  private static final double[] SPECIAL = {
      0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e-45, 1e-310, 3e38};

  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
  private final Arena arena = Arena.ofConfined();

  @AfterEach
  void close() {
    arena.close();
  }

  private interface Scalar {
    double of(double x, double y, double z);
  }

  private interface Kernel {
    void run(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, long n);
  }

  @ParameterizedTest
  @EnumSource
  void elementwise(KernelSet set) {
    for (DType dtype : DType.values()) {
      RowKernels k = set.of(dtype);
      check(dtype, (x, y, z) -> -2.5, (x, xAt, y, yAt, z, zAt, n) -> k.fill(-2.5, z, zAt, n));
      check(dtype, (x, y, z) -> z + 0.75, (x, xAt, y, yAt, z, zAt, n) -> k.shift(0.75, z, zAt, n));
      check(dtype, (x, y, z) -> 1.5 * x, (x, xAt, y, yAt, z, zAt, n) -> k.scale(1.5, x, xAt, z, zAt, n));
      check(dtype, (x, y, z) -> 1.5 * x + -0.3 * z, (x, xAt, y, yAt, z, zAt, n) ->
          k.add(1.5, x, xAt, -0.3, z, zAt, n));
      check(dtype, (x, y, z) -> x * y, (x, xAt, y, yAt, z, zAt, n) -> k.multiply(x, xAt, y, yAt, z, zAt, n));
      check(dtype, (x, y, z) -> z + x * y, (x, xAt, y, yAt, z, zAt, n) ->
          k.multiplyAdd(x, xAt, y, yAt, z, zAt, n));
    }
  }

  @ParameterizedTest
  @EnumSource
  void maps(KernelSet set) {
    for (DType dtype : DType.values()) {
      for (UnaryFunction f : new UnaryFunction[] {UnaryFunction.RELU, UnaryFunction.STEP, UnaryFunction.ONE}) {
        var map = new TileMap(f, set.of(dtype), Elements.of(dtype));
        check(dtype, (x, y, z) -> f.at(x), (x, xAt, y, yAt, z, zAt, n) -> map.run(x, xAt, z, zAt, n));
        check(dtype, (x, y, z) -> f.at(z), (x, xAt, y, yAt, z, zAt, n) -> map.run(z, zAt, z, zAt, n));
      }
    }
  }

  private void check(DType dtype, Scalar scalar, Kernel kernel) {
    Elements elements = Elements.of(dtype);
    for (int n = 0; n <= LONGEST; n++) {
      MemorySegment x = numbers(elements);
      MemorySegment y = numbers(elements);
      MemorySegment z = numbers(elements);
      MemorySegment before = arena.allocateFrom(JAVA_BYTE, z, JAVA_BYTE, 0, z.byteSize());
      long xAt = random.nextInt(OFFSETS);
      long yAt = random.nextInt(OFFSETS);
      long zAt = random.nextInt(OFFSETS);
      int bytes = elements.bytes();
      kernel.run(x, xAt * bytes, y, yAt * bytes, z, zAt * bytes, n);
      for (long i = 0; i < ROOM; i++) {
        boolean inside = i >= zAt && i < zAt + n;
        double old = elements.get(before, i * bytes);
        double expected = inside
            ? scalar.of(elements.get(x, (xAt + i - zAt) * bytes), elements.get(y, (yAt + i - zAt) * bytes), old)
            : old;
        assertEquals(rounded(dtype, expected), elements.get(z, i * bytes), "n=" + n + ", element " + (i - zAt));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void repeat(KernelSet set) {
    for (DType dtype : DType.values()) {
      Elements elements = Elements.of(dtype);
      int bytes = elements.bytes();
      for (int times : new int[] {1, 2, 3, 10}) {
        for (int n = 0; n <= LONGEST / 4; n++) {
          MemorySegment x = numbers(elements);
          MemorySegment y = arena.allocate((long) ROOM * bytes);
          set.of(dtype).repeat(x, 3L * bytes, times, y, bytes, n);
          for (int i = 0; i < ROOM; i++) {
            boolean inside = i >= 1 && i < 1 + n * times;
            double expected = inside ? elements.get(x, (3L + (i - 1) / times) * bytes) : 0;
            assertEquals(expected, elements.get(y, (long) i * bytes), times + " times, n=" + n + ", element " + i);
          }
        }
      }
    }
  }

  /** Rows of whole vectors, of parts of one, and none. */
  @ParameterizedTest
  @EnumSource
  void outerProducts(KernelSet set) {
    for (DType dtype : DType.values()) {
      Elements elements = Elements.of(dtype);
      int bytes = elements.bytes();
      for (double alpha : new double[] {1, -1.5, 0.3}) {
        for (int n : new int[] {0, 1, 8, 16, 21, 48}) {
          MemorySegment b = gaussians(elements);
          MemorySegment a = gaussians(elements);
          MemorySegment y = arena.allocate((long) ROOM * bytes);
          set.of(dtype).outer(alpha, b, bytes, 3, a, 2L * bytes, n, y, bytes);
          for (int i = 0; i < ROOM; i++) {
            double expected = i < 1 || i >= 1 + 3 * n ? 0 : alpha * elements.get(b, (1L + (i - 1) / n) * bytes)
                * elements.get(a, (2L + (i - 1) % n) * bytes);
            assertEquals(rounded(dtype, expected), elements.get(y, (long) i * bytes), "n=" + n + ", element " + i);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void conversions(KernelSet set) {
    for (DType dtype : DType.values()) {
      RowKernels k = set.of(dtype);
      Elements elements = Elements.of(dtype);
      MemorySegment doubles = arena.allocate((long) ROOM * Double.BYTES);
      MemorySegment back = arena.allocate((long) ROOM * elements.bytes());
      MemorySegment x = numbers(elements);
      for (int n = 0; n <= LONGEST; n++) {
        k.widen(x, elements.bytes(), doubles, Double.BYTES, n);
        k.narrow(doubles, Double.BYTES, back, 0, n);
        for (int i = 0; i < n; i++) {
          double expected = elements.get(x, (long) (i + 1) * elements.bytes());
          assertEquals(expected, Elements.DOUBLE.get(doubles, (long) (i + 1) * Double.BYTES));
          assertEquals(expected, elements.get(back, (long) i * elements.bytes()));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void reductions(KernelSet set) {
    for (DType dtype : DType.values()) {
      RowKernels k = set.of(dtype);
      Elements elements = Elements.of(dtype);
      int bytes = elements.bytes();
      for (int n = 0; n <= LONGEST; n++) {
        MemorySegment x = gaussians(elements);
        MemorySegment y = gaussians(elements);
        double sum = 0;
        double dot = 0;
        double differences = 0;
        double max = Double.NEGATIVE_INFINITY;
        double maxAbs = 0;
        for (int i = 0; i < n; i++) {
          double a = elements.get(x, (i + 3L) * bytes);
          double b = elements.get(y, (i + 5L) * bytes);
          sum += a;
          dot += a * b;
          differences += (a - b) * (a - b);
          max = Math.max(max, a);
          maxAbs = Math.max(maxAbs, Math.abs(a));
        }
        assertEquals(sum, k.sum(x, 3L * bytes, n), 1e-13);
        assertEquals(dot, k.dot(x, 3L * bytes, y, 5L * bytes, n), 1e-13);
        assertEquals(differences, k.sumSquaredDifferences(x, 3L * bytes, y, 5L * bytes, n), 1e-13 * (1 + differences));
        assertEquals(max, k.max(x, 3L * bytes, n));
        assertEquals(maxAbs, k.maxAbs(x, 3L * bytes, n));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void extremesPropagateNanFromAnywhere(KernelSet set) {
    for (DType dtype : DType.values()) {
      RowKernels k = set.of(dtype);
      Elements elements = Elements.of(dtype);
      for (int i = 0; i < LONGEST; i++) {
        MemorySegment x = gaussians(elements);
        elements.set(x, (long) i * elements.bytes(), Double.NEGATIVE_INFINITY);
        assertEquals(Double.POSITIVE_INFINITY, k.maxAbs(x, 0, LONGEST));
        elements.set(x, (long) i * elements.bytes(), Double.NaN);
        assertEquals(Double.NaN, k.maxAbs(x, 0, LONGEST));
        assertEquals(Double.NaN, k.max(x, 0, LONGEST));
      }
    }
  }

  private MemorySegment numbers(Elements elements) {
    MemorySegment x = gaussians(elements);
    for (double value : SPECIAL) {
      elements.set(x, (long) random.nextInt(ROOM) * elements.bytes(), value);
    }
    return x;
  }

  private MemorySegment gaussians(Elements elements) {
    MemorySegment x = arena.allocate((long) ROOM * elements.bytes(), elements.bytes());
    for (int i = 0; i < ROOM; i++) {
      elements.set(x, (long) i * elements.bytes(), random.nextGaussian());
    }
    return x;
  }

  private static double rounded(DType dtype, double value) {
    return dtype == DType.F32 ? (float) value : value;
  }
}
