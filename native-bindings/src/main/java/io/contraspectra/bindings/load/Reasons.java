package io.contraspectra.bindings.load;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NotDirectoryException;

/** Puts into words what NIO leaves to the exception's type. */
final class Reasons {
  private Reasons() {}

  static String of(IOException e) {
    return switch (e) {
      case AccessDeniedException denied -> "no permission for " + denied.getFile();
      case NotDirectoryException file -> file.getFile() + " is not a folder";
      case FileSystemException other when other.getReason() == null ->
          other.getFile() + " (" + other.getClass().getSimpleName() + ")";
      default -> String.valueOf(e.getMessage());
    };
  }
}
