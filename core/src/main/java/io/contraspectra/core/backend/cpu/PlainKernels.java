package io.contraspectra.core.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Kernels in plain Java. C2 does not vectorise most loops over native segments, but it does so over arrays: so each run
 * goes through arrays that stay in the first-level cache, piece by piece.
 */
final class PlainKernels implements RowKernels {

  private static final int TILE = 1024;
  private static final ThreadLocal<double[][]> TILES = ThreadLocal.withInitial(() -> new double[3][TILE]);

  private final Elements elements;

  PlainKernels(Elements elements) {
    this.elements = elements;
  }

  @Override
  public String toString() {
    return "plain Java kernels";
  }

  @Override
  public void fill(double value, MemorySegment y, long yAt, long n) {
    forEachTile(n, (done, tiles, m) -> {
      Arrays.fill(tiles[0], 0, m, value);
      store(tiles[0], y, yAt, done, m);
    });
  }

  @Override
  public void shift(double value, MemorySegment y, long yAt, long n) {
    forEachTile(n, (done, tiles, m) -> {
      double[] t = load(y, yAt, done, tiles[0], m);
      for (int i = 0; i < m; i++) {
        t[i] += value;
      }
      store(t, y, yAt, done, m);
    });
  }

  @Override
  public void scale(double alpha, MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    forEachTile(n, (done, tiles, m) -> {
      double[] t = load(x, xAt, done, tiles[0], m);
      for (int i = 0; i < m; i++) {
        t[i] *= alpha;
      }
      store(t, y, yAt, done, m);
    });
  }

  @Override
  public void outer(double alpha, MemorySegment b, long bAt, long m, MemorySegment a, long aAt, long n,
      MemorySegment y, long yAt) {
    for (long j = 0; j < m; j++) {
      double factor = alpha * elements.get(b, bAt + j * elements.bytes());
      scale(factor, a, aAt, y, yAt + j * n * elements.bytes(), n);
    }
  }

  @Override
  public void add(double alpha, MemorySegment x, long xAt, double beta, MemorySegment y, long yAt, long n) {
    forEachTile(n, (done, tiles, m) -> {
      double[] s = load(x, xAt, done, tiles[0], m);
      double[] t = load(y, yAt, done, tiles[1], m);
      for (int i = 0; i < m; i++) {
        t[i] = alpha * s[i] + beta * t[i];
      }
      store(t, y, yAt, done, m);
    });
  }

  @Override
  public void multiply(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, long n) {
    forEachTile(n, (done, tiles, m) ->
        store(products(x, xAt, y, yAt, done, tiles, m), z, zAt, done, m));
  }

  @Override
  public void multiplyAdd(MemorySegment x, long xAt, MemorySegment y, long yAt, MemorySegment z, long zAt, long n) {
    forEachTile(n, (done, tiles, m) -> {
      double[] t = products(x, xAt, y, yAt, done, tiles, m);
      double[] sum = load(z, zAt, done, tiles[2], m);
      for (int i = 0; i < m; i++) {
        sum[i] += t[i];
      }
      store(sum, z, zAt, done, m);
    });
  }

  @Override
  public void repeat(MemorySegment x, long xAt, int times, MemorySegment y, long yAt, long n) {
    forEachTile(n, (done, tiles, m) -> {
      double[] from = load(x, xAt, done, tiles[0], m);
      double[] to = tiles[1];
      long at = yAt + done * times * elements.bytes();
      int filled = 0;
      for (int i = 0; i < m; i++) {
        for (int left = times; left > 0; ) {
          int piece = Math.min(left, TILE - filled);
          Arrays.fill(to, filled, filled + piece, from[i]);
          filled += piece;
          left -= piece;
          if (filled == TILE || left == 0 && i == m - 1) {
            elements.store(to, y, at, filled);
            at += (long) filled * elements.bytes();
            filled = 0;
          }
        }
      }
    });
  }

  @Override
  public double exponentials(double shift, MemorySegment x, long at, long n) {
    return TileMap.exponentials(shift, elements, x, at, n);
  }

  @Override
  public void widen(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    forEachTile(n, (done, tiles, m) ->
        Elements.DOUBLE.store(load(x, xAt, done, tiles[0], m), y, yAt + done * Double.BYTES, m));
  }

  @Override
  public void narrow(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    forEachTile(n, (done, tiles, m) -> {
      Elements.DOUBLE.load(x, xAt + done * Double.BYTES, tiles[0], m);
      store(tiles[0], y, yAt, done, m);
    });
  }

  @Override
  public double sum(MemorySegment x, long xAt, long n) {
    return total(n, (done, tiles, m) -> load(x, xAt, done, tiles[0], m));
  }

  @Override
  public double dot(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    return total(n, (done, tiles, m) -> products(x, xAt, y, yAt, done, tiles, m));
  }

  @Override
  public double sumSquaredDifferences(MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    return total(n, (done, tiles, m) -> {
      double[] s = load(x, xAt, done, tiles[0], m);
      double[] t = load(y, yAt, done, tiles[1], m);
      for (int i = 0; i < m; i++) {
        double difference = s[i] - t[i];
        s[i] = difference * difference;
      }
      return s;
    });
  }

  @Override
  public double max(MemorySegment x, long xAt, long n) {
    double largest = Double.NEGATIVE_INFINITY;
    double[][] tiles = TILES.get();
    for (long done = 0; done < n; done += TILE) {
      int m = (int) Math.min(TILE, n - done);
      double[] t = load(x, xAt, done, tiles[0], m);
      for (int i = 0; i < m; i++) {
        largest = Math.max(largest, t[i]);
      }
    }
    return largest;
  }

  @Override
  public double maxAbs(MemorySegment x, long xAt, long n) {
    double largest = 0;
    double[][] tiles = TILES.get();
    for (long done = 0; done < n; done += TILE) {
      int m = (int) Math.min(TILE, n - done);
      double[] t = load(x, xAt, done, tiles[0], m);
      for (int i = 0; i < m; i++) {
        largest = Math.max(largest, Math.abs(t[i]));
      }
    }
    return largest;
  }

  private double[] products(
      MemorySegment x, long xAt, MemorySegment y, long yAt, long done, double[][] tiles, int m) {
    double[] s = load(x, xAt, done, tiles[0], m);
    double[] t = load(y, yAt, done, tiles[1], m);
    for (int i = 0; i < m; i++) {
      s[i] *= t[i];
    }
    return s;
  }

  private double[] load(MemorySegment x, long xAt, long done, double[] tile, int m) {
    elements.load(x, xAt + done * elements.bytes(), tile, m);
    return tile;
  }

  private void store(double[] tile, MemorySegment y, long yAt, long done, int m) {
    elements.store(tile, y, yAt + done * elements.bytes(), m);
  }

  /** What happens to {@code m} elements, {@code done} elements after the start of the run. */
  private interface TileBody {
    void run(long done, double[][] tiles, int m);
  }

  private static void forEachTile(long n, TileBody body) {
    double[][] tiles = TILES.get();
    for (long done = 0; done < n; done += TILE) {
      body.run(done, tiles, (int) Math.min(TILE, n - done));
    }
  }

  /** The terms that {@code m} elements, {@code done} elements after the start of the run, add to a sum. */
  private interface TileTerms {
    double[] of(long done, double[][] tiles, int m);
  }

  private static double total(long n, TileTerms terms) {
    double[][] tiles = TILES.get();
    double total = 0;
    for (long done = 0; done < n; done += TILE) {
      int m = (int) Math.min(TILE, n - done);
      total += fold(terms.of(done, tiles, m), m);
    }
    return total;
  }

  // Halves are added to each other, because that loop vectorises where a running sum cannot.
  private static double fold(double[] terms, int m) {
    int half = Math.max(1, Integer.highestOneBit(m - 1));
    Arrays.fill(terms, m, 2 * half, 0);
    for (; half > 0; half /= 2) {
      for (int i = 0; i < half; i++) {
        terms[i] += terms[half + i];
      }
    }
    return terms[0];
  }
}
