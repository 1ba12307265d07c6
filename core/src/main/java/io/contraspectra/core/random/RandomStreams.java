package io.contraspectra.core.random;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * The random streams of one seed. A stream depends on the seed and its name alone, never on which other streams were
 * asked for or in which order: {@code RandomStreams.of(7).named("init/W1")} gives the same numbers everywhere.
 *
 * <p>A stream is Java's {@code L64X128MixRandom}, with the SHA-256 digest of seed and name as its initial state.
 *
 * @param seed any number
 */
public record RandomStreams(long seed) {

  private static final RandomGeneratorFactory<RandomGenerator> FACTORY = RandomGeneratorFactory.of("L64X128MixRandom");

  /** The streams of a seed. */
  public static RandomStreams of(long seed) {
    return new RandomStreams(seed);
  }

  /**
   * A new stream, at its beginning. Not thread-safe: one thread, one stream.
   *
   * @param name what the numbers are for, e.g. {@code init/W1}
   */
  public RandomGenerator named(String name) {
    return FACTORY.create(digest(name));
  }

  private byte[] digest(String name) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      sha.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).flip());
      return sha.digest(name.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
