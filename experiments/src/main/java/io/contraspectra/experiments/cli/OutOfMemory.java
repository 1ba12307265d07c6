package io.contraspectra.experiments.cli;

/** An {@link OutOfMemoryError} as an exception, because picocli handles no errors. */
final class OutOfMemory extends RuntimeException {

  private static final long serialVersionUID = 1;

  OutOfMemory(OutOfMemoryError cause) {
    super("out of memory (" + cause.getMessage() + "); use fewer samples, --dtype f32, or a machine with more", cause);
  }
}
