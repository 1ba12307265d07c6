package io.contraspectra.core.data;

import io.contraspectra.core.matrix.InvalidArgument;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes a file whole or not at all: the content goes to a temporary name in the same folder and is moved into place
 * once it is complete. A failure leaves neither a half-written file nor the temporary one, and an older file untouched.
 */
public final class AtomicFile {

  private static final int BUFFER_BYTES = 1 << 16;

  private AtomicFile() {}

  /** What goes into the file. */
  @FunctionalInterface
  public interface Content {

    /** Writes everything; the stream is buffered and closed by the caller. */
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Writes a file. A symbolic link is followed; a device or pipe such as {@code /dev/stdout} is written to directly,
   * because it must not be replaced.
   *
   * @throws InvalidArgument if the file exists and may not be replaced, is a folder, or its folder does not exist
   * @throws UncheckedIOException if the system cannot write, for example because the disk is full
   */
  public static void write(Path path, IfExists ifExists, Content content) {
    checkWritable(path, ifExists);
    try {
      Path target = Files.exists(path) ? path.toRealPath() : path;
      if (isDevice(target)) {
        fill(target, content, StandardOpenOption.WRITE);
      } else {
        writeAndMove(target, path, ifExists, content);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path + " cannot be written: " + FileErrors.reason(e)
          + "; check free space and permissions of its folder", e);
    }
  }

  /**
   * Throws what {@link #write} would throw for this path, so that a long computation can refuse before it starts.
   *
   * @throws InvalidArgument if the file exists and may not be replaced, is a folder, or its folder does not exist
   */
  public static void checkWritable(Path path, IfExists ifExists) {
    Path folder = path.toAbsolutePath().getParent();
    if (folder == null || Files.isDirectory(path)) {
      throw new InvalidArgument(path + " is a folder; choose a file name in it");
    }
    if (!Files.isDirectory(folder)) {
      throw new InvalidArgument(path + ": the folder " + folder + " does not exist; create it first");
    }
    if (ifExists == IfExists.REFUSE && Files.exists(path) && !isDevice(path)) {
      throw new InvalidArgument(path + " exists already; choose another path or force overwriting (--force)");
    }
  }

  private static boolean isDevice(Path path) {
    return Files.exists(path) && !Files.isRegularFile(path);
  }

  private static void writeAndMove(Path target, Path path, IfExists ifExists, Content content) throws IOException {
    Path temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      // Not Files.createTempFile: its files are private to the user, also after the move.
      fill(temporary, content, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW);
      checkWritable(path, ifExists);
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private static void fill(Path file, Content content, StandardOpenOption... options) throws IOException {
    try (var out = new BufferedOutputStream(Files.newOutputStream(file, options), BUFFER_BYTES)) {
      content.writeTo(out);
    }
  }
}
