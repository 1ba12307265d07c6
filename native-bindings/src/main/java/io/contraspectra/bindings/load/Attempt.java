package io.contraspectra.bindings.load;

/**
 * One try at opening a library: where, and what came of it.
 *
 * @param source which source offered the location, in words
 * @param location the file or library name tried; empty when the source offered none
 * @param outcome what came of it
 * @param detail the reason in words
 */
public record Attempt(String source, String location, Outcome outcome, String detail) {
  /** What came of an attempt. */
  public enum Outcome {
    /** The library was opened and is in use. */
    LOADED,
    /** The source has nothing to offer here, which is no fault. */
    ABSENT,
    /** The source has something to offer, and it cannot be used. */
    FAILED
  }

  /** One line for people, for example {@code bundled jar: /home/ada/.cache/…/libopenblas.so.0: loaded}. */
  @Override
  public String toString() {
    return location.isEmpty() ? source + ": " + detail : source + ": " + location + ": " + detail;
  }
}
