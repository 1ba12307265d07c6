package io.contraspectra.core.data;

import io.contraspectra.core.matrix.InvalidData;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Objects;

/** Turns what the system says about a file into what a user can act on. */
final class FileErrors {

  private static final int EXCERPT = 80;

  private FileErrors() {}

  /** The error for a file that could not be read. */
  static InvalidData unreadable(Path path, IOException e) {
    if (Files.isDirectory(path)) {
      return new InvalidData(path + " cannot be read: it is a folder; give a file", e);
    }
    return e instanceof NoSuchFileException
        ? new InvalidData(path + " does not exist; check the path", e)
        : new InvalidData(path + " cannot be read: " + reason(e) + "; check the file", e);
  }

  /** The error for a zip archive that could not be opened or read. */
  static InvalidData badArchive(Path path, Exception e) {
    return e instanceof IOException io && (io instanceof FileSystemException || Files.isDirectory(path))
        ? unreadable(path, io)
        : new InvalidData(path + " is not a whole NPZ archive: " + reason(e) + "; write it again with numpy.savez", e);
  }

  /** A piece of a file's own text that is fit to stand in a message: short, and free of control characters. */
  static String excerpt(String text) {
    String printable = text.replaceAll("\\p{Cntrl}", "?");
    return printable.length() <= EXCERPT ? printable : printable.substring(0, EXCERPT) + "...";
  }

  /** One phrase for what went wrong; the messages of many system exceptions hold the path alone. */
  static String reason(Exception e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "it does not exist";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      case EOFException _ -> "it ends too early";
      default -> Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
    };
  }
}
