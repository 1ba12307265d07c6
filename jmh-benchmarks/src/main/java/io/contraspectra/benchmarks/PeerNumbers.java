package io.contraspectra.benchmarks;

/**
 * Uniform numbers that other programs can repeat bit by bit, so that they are timed on the same matrix: splitmix64 from
 * a state that depends on the seed alone.
 */
final class PeerNumbers {

  private static final long SEED_STEP = 0xD1342543DE82EF95L;
  private static final long STEP = 0x9E3779B97F4A7C15L;

  private PeerNumbers() {}

  /** {@code count} numbers, uniform in [-scale, scale). */
  static double[] uniform(long seed, int count, double scale) {
    var numbers = new double[count];
    for (int i = 0; i < count; i++) {
      long z = seed * SEED_STEP + (i + 1L) * STEP;
      z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
      z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
      z ^= z >>> 31;
      numbers[i] = scale * (2 * ((z >>> 11) * 0x1p-53) - 1);
    }
    return numbers;
  }
}
