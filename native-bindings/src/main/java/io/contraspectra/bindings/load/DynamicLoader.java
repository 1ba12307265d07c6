package io.contraspectra.bindings.load;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;

/** The system's loader ({@code dlopen}, {@code LoadLibrary}) with reasons for its refusals. */
@SuppressWarnings("restricted")
final class DynamicLoader {
  private DynamicLoader() {}

  /**
   * Opens a library for the life of the JVM.
   *
   * @param library an absolute path, or a bare name for the loader's search path
   * @throws IOException when it cannot be opened; the message is the loader's own where it can be had
   * @throws IllegalCallerException when this JVM denies us native access
   */
  static SymbolLookup open(Path library) throws IOException {
    try {
      return library.isAbsolute()
          ? SymbolLookup.libraryLookup(library, Arena.global())
          : SymbolLookup.libraryLookup(library.toString(), Arena.global());
    } catch (IllegalArgumentException e) {
      throw new IOException(library.isAbsolute() ? reason(library) : "not found by the system's loader", e);
    }
  }

  /** Fails once more through {@code System.load}, which keeps the loader's text that {@code libraryLookup} drops. */
  private static String reason(Path library) {
    try {
      System.load(library.toString());
      return "refused as a lookup, though System.load takes it";
    } catch (UnsatisfiedLinkError e) {
      return String.valueOf(e.getMessage()).replace(library + ": ", "");
    }
  }
}
