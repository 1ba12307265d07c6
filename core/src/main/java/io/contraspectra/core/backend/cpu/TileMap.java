package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.backend.UnaryFunction;
import java.lang.foreign.MemorySegment;

/** Maps functions over runs of contiguous elements, tile by tile. */
final class TileMap {

  private static final ThreadLocal<TileFunctions> FUNCTIONS = ThreadLocal.withInitial(TileFunctions::new);

  private static final ThreadLocal<double[]> FACTORS = ThreadLocal.withInitial(() -> new double[TileFunctions.LENGTH]);

  private final UnaryFunction f;
  private final RowKernels kernels;
  private final Elements elements;

  /** A map of f over elements of one type, which {@code kernels} are for too. */
  TileMap(UnaryFunction f, RowKernels kernels, Elements elements) {
    this.f = f;
    this.kernels = kernels;
    this.elements = elements;
  }

  /** {@code y = f(x)} for {@code n} elements; y may be x. */
  void run(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    if (!kernels.map(f, x, xAt, y, yAt, n)) {
      mapTiles(x, xAt, y, yAt, n);
    }
  }

  private void mapTiles(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    TileFunctions functions = FUNCTIONS.get();
    for (long done = 0; done < n; done += TileFunctions.LENGTH) {
      int m = (int) Math.min(TileFunctions.LENGTH, n - done);
      long at = done * elements.bytes();
      elements.load(x, xAt + at, functions.tile(), m);
      functions.apply(f, m);
      elements.store(functions.tile(), y, yAt + at, m);
    }
  }

  /** {@code y = y f(x)} for {@code n} elements; y may be x. */
  void multiply(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    if (!kernels.multiplyMapped(f, x, xAt, y, yAt, n)) {
      multiplyTiles(x, xAt, y, yAt, n);
    }
  }

  private void multiplyTiles(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    TileFunctions functions = FUNCTIONS.get();
    double[] tile = functions.tile();
    double[] factors = FACTORS.get();
    for (long done = 0; done < n; done += TileFunctions.LENGTH) {
      int m = (int) Math.min(TileFunctions.LENGTH, n - done);
      long at = done * elements.bytes();
      elements.load(x, xAt + at, tile, m);
      functions.apply(f, m);
      elements.load(y, yAt + at, factors, m);
      for (int i = 0; i < m; i++) {
        tile[i] *= factors[i];
      }
      elements.store(tile, y, yAt + at, m);
    }
  }

  /** {@code x = exp(x - shift)} for {@code n} elements, in place; returns their sum before they are rounded. */
  static double exponentials(double shift, Elements elements, MemorySegment x, long at, long n) {
    TileFunctions functions = FUNCTIONS.get();
    double[] tile = functions.tile();
    double sum = 0;
    for (long done = 0; done < n; done += TileFunctions.LENGTH) {
      int m = (int) Math.min(TileFunctions.LENGTH, n - done);
      long from = at + done * elements.bytes();
      elements.load(x, from, tile, m);
      for (int i = 0; i < m; i++) {
        tile[i] -= shift;
      }
      functions.apply(UnaryFunction.EXP, m);
      elements.store(tile, x, from, m);
      sum += sum(tile, m);
    }
    return sum;
  }

  // Eight sums side by side: a single one would wait for every addition.
  private static double sum(double[] tile, int n) {
    double a = 0;
    double b = 0;
    double c = 0;
    double d = 0;
    double e = 0;
    double f = 0;
    double g = 0;
    double h = 0;
    int i = 0;
    for (; i + 8 <= n; i += 8) {
      a += tile[i];
      b += tile[i + 1];
      c += tile[i + 2];
      d += tile[i + 3];
      e += tile[i + 4];
      f += tile[i + 5];
      g += tile[i + 6];
      h += tile[i + 7];
    }
    for (; i < n; i++) {
      a += tile[i];
    }
    return ((a + b) + (c + d)) + ((e + f) + (g + h));
  }
}
