package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.backend.UnaryFunction;
import java.lang.foreign.MemorySegment;

/** Maps functions over runs of contiguous elements, tile by tile. */
final class TileMap {

  private static final ThreadLocal<TileFunctions> FUNCTIONS = ThreadLocal.withInitial(TileFunctions::new);

  private TileMap() {}

  /** {@code y = f(x)} for {@code n} elements of one type; y may be x. */
  static void map(
      UnaryFunction f, Elements elements, MemorySegment x, long xAt, MemorySegment y, long yAt, long n) {
    TileFunctions functions = FUNCTIONS.get();
    for (long done = 0; done < n; done += TileFunctions.LENGTH) {
      int m = (int) Math.min(TileFunctions.LENGTH, n - done);
      long at = done * elements.bytes();
      elements.load(x, xAt + at, functions.tile(), m);
      functions.apply(f, m);
      elements.store(functions.tile(), y, yAt + at, m);
    }
  }
}
