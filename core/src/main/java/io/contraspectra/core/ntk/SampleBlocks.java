package io.contraspectra.core.ntk;

/**
 * How N samples are cut: into chunks, in which signals are computed, and into blocks of whole chunks, the sides of the
 * tiles of a kernel that is formed to be used at once and forgotten. A function of shapes alone, so that results do not
 * depend on threads or memory.
 *
 * @param samples N
 * @param chunk samples of a chunk; the last one may be smaller
 * @param side samples of a block, a multiple of {@code chunk}; the last one may be smaller
 */
record SampleBlocks(long samples, long chunk, long side) {

  // A chunk must be long enough for a product to be efficient, and chunks many enough for all threads.
  private static final long MIN_CHUNK = 32;
  private static final long MAX_CHUNK = 512;
  private static final long CHUNKS = 8;
  // Blocks, too, should be many: of n blocks there are n(n+1)/2 tiles.
  private static final long BLOCKS = 12;

  /**
   * The cut of N samples.
   *
   * @param limit samples that a block should have at most, at least 1
   */
  static SampleBlocks of(long samples, long limit) {
    long chunk = Math.min(limit, Math.clamp(Math.ceilDiv(samples, CHUNKS), MIN_CHUNK, MAX_CHUNK));
    long chunks = Math.clamp(samples / (BLOCKS * chunk), 1, limit / chunk);
    return new SampleBlocks(samples, chunk, chunk * chunks);
  }

  /** The start of the chunk that a sample lies in. */
  long chunkStart(long sample) {
    return sample / chunk * chunk;
  }

  /** The end of the chunk that ends after the last of the samples before {@code end}. */
  long chunkEnd(long end) {
    return Math.min(samples, Math.ceilDiv(end, chunk) * chunk);
  }

  /** Samples of the chunks that any {@code count} consecutive samples may lie in. */
  long chunksAround(long count) {
    return Math.min(samples, (Math.ceilDiv(count, chunk) + 1) * chunk);
  }

  /** Number of blocks. */
  long count() {
    return Math.ceilDiv(samples, side);
  }

  /** First sample of a block. */
  long first(long block) {
    return block * side;
  }

  /** Samples of a block. */
  long size(long block) {
    return Math.min(side, samples - first(block));
  }

  /** Samples in blocks {@code from} to {@code end - 1}. */
  long span(long from, long end) {
    return Math.min(samples, first(end)) - first(from);
  }
}
