package io.contraspectra.experiments.cli;

/** An {@link Error} as an exception: picocli lets errors through, and the JVM would end with 1, "did not hold". */
final class Breakdown extends RuntimeException {

  private static final long serialVersionUID = 1;

  Breakdown(Error cause) {
    super(message(cause), cause);
  }

  boolean isOutOfMemory() {
    return getCause() instanceof OutOfMemoryError;
  }

  private static String message(Error cause) {
    return cause instanceof OutOfMemoryError
        ? "out of memory (" + cause.getMessage() + "); use fewer samples, --dtype f32, or a machine with more"
        : cause.toString();
  }
}
