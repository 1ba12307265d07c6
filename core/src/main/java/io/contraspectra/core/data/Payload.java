package io.contraspectra.core.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** The bytes of an array's elements, handed out piece by piece from first to last. */
@FunctionalInterface
interface Payload {

  /** The next {@code count} bytes. */
  MemorySegment take(long count);

  /** Pieces of bytes that lie in memory or in a mapped file: nothing is copied. */
  static Payload of(MemorySegment bytes) {
    var position = new long[1];
    return count -> {
      MemorySegment piece = bytes.asSlice(position[0], count);
      position[0] += count;
      return piece;
    };
  }

  /**
   * Pieces read from a stream that was found to hold enough; on the Java heap unless they are very large.
   *
   * @param file where the stream comes from, for the message when it fails all the same
   */
  static Payload of(InputStream in, Path file) {
    long maxHeapBytes = 1 << 30;
    return count -> {
      try {
        return count <= maxHeapBytes ? onHeap((int) count, in) : offHeap(count, in);
      } catch (IOException e) {
        throw FileErrors.unreadable(file, e);
      }
    };
  }

  private static MemorySegment onHeap(int count, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException();
    }
    return MemorySegment.ofArray(bytes);
  }

  private static MemorySegment offHeap(long count, InputStream in) throws IOException {
    MemorySegment target = Arena.ofAuto().allocate(count);
    for (long at = 0; at < count;) {
      MemorySegment piece = onHeap((int) Math.min(1 << 20, count - at), in);
      MemorySegment.copy(piece, 0, target, at, piece.byteSize());
      at += piece.byteSize();
    }
    return target;
  }
}
