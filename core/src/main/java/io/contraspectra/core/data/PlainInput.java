package io.contraspectra.core.data;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Opens files that may be compressed with gzip, which is recognised by their first two bytes. */
final class PlainInput {

  private static final int BUFFER_BYTES = 1 << 13;

  private PlainInput() {}

  /** The file's content, decompressed if need be; supports mark and reset within a buffer. */
  static BufferedInputStream open(Path path) throws IOException {
    var file = new BufferedInputStream(Files.newInputStream(path), BUFFER_BYTES);
    try {
      return isGzip(peek(file, 2))
          ? new BufferedInputStream(new GZIPInputStream(file, BUFFER_BYTES), BUFFER_BYTES)
          : file;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** The first bytes, which stay to be read; fewer if the file is shorter. */
  static byte[] peek(InputStream in, int count) throws IOException {
    in.mark(count);
    byte[] start = in.readNBytes(count);
    in.reset();
    return start;
  }

  private static boolean isGzip(byte[] start) {
    return start.length == 2 && start[0] == 0x1F && start[1] == (byte) 0x8B;
  }
}
