package io.contraspectra.core.data;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Damages valid files in ways that occur, and in ways that an attacker would choose. */
final class Mutations {

  /** Pieces that a header can be made to hold: lying shapes, overflowing products, junk, nesting. */
  private static final List<String> LIES = List.of(
      "(1000000000000, 1000000000000)", "(999999999999999999,)", "(-3, 4)", "(4294967296, 4294967296, 4294967296)",
      "(0, 999999999999999999)", "(3, 4, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)", "(".repeat(60), "{'a': ".repeat(10),
      "'<U1048576'", "'<U99999999999'", "'|O'", "'>f8'", "[('x', '<f8')]", "{}", "None", "True", "'",
      "\0\0\0\0", "}", ", , ,");

  private Mutations() {}

  /** A damaged copy. */
  static byte[] mutate(byte[] valid, RandomGenerator random) {
    byte[] bytes = valid.clone();
    for (int i = random.nextInt(1, 4); i > 0 && bytes.length > 0; i--) {
      bytes = mutateOnce(bytes, random);
    }
    return bytes;
  }

  private static byte[] mutateOnce(byte[] bytes, RandomGenerator random) {
    int at = position(bytes, random);
    return switch (random.nextInt(7)) {
      case 0 -> flip(bytes, at, random);
      case 1 -> Arrays.copyOf(bytes, at);
      case 2 -> overwrite(bytes, at, lie(random));
      case 3 -> number(bytes, at, random);
      case 4 -> splice(bytes, at, random.nextInt(bytes.length), random.nextInt(64));
      case 5 -> shape(bytes, random);
      default -> Arrays.copyOf(bytes, bytes.length + random.nextInt(1, 200));
    };
  }

  // Half of the damage goes to the first bytes and the last ones, where headers and zip directories stand.
  private static int position(byte[] bytes, RandomGenerator random) {
    int near = random.nextInt(Math.min(bytes.length, 160));
    return switch (random.nextInt(4)) {
      case 0 -> near;
      case 1 -> bytes.length - 1 - near;
      default -> random.nextInt(bytes.length);
    };
  }

  private static byte[] flip(byte[] bytes, int at, RandomGenerator random) {
    bytes[at] ^= (byte) (1 << random.nextInt(8));
    return bytes;
  }

  private static byte[] overwrite(byte[] bytes, int at, byte[] piece) {
    System.arraycopy(piece, 0, bytes, at, Math.min(piece.length, bytes.length - at));
    return bytes;
  }

  /** Extreme integers where lengths, offsets and sizes may stand. */
  private static byte[] number(byte[] bytes, int at, RandomGenerator random) {
    byte value = (byte) (random.nextBoolean() ? 0xFF : random.nextBoolean() ? 0x7F : 0);
    Arrays.fill(bytes, at, Math.min(bytes.length, at + (1 << random.nextInt(4))), value);
    return bytes;
  }

  private static byte[] splice(byte[] bytes, int from, int to, int length) {
    int count = Math.min(length, bytes.length - Math.max(from, to));
    System.arraycopy(bytes, from, bytes, to, count);
    return bytes;
  }

  /** Replaces what follows {@code 'shape': }, if the file is not compressed. */
  private static byte[] shape(byte[] bytes, RandomGenerator random) {
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf("'shape': ");
    return at < 0 ? flip(bytes, random.nextInt(bytes.length), random) : overwrite(bytes, at + 9, lie(random));
  }

  private static byte[] lie(RandomGenerator random) {
    return (LIES.get(random.nextInt(LIES.size())) + ", }").getBytes(StandardCharsets.ISO_8859_1);
  }
}
