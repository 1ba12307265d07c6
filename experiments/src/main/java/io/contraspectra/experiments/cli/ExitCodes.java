package io.contraspectra.experiments.cli;

/** What a command's end means to whoever started it. */
final class ExitCodes {

  static final int DONE = 0;
  /** It ran, but a claim or check did not hold. */
  static final int DID_NOT_HOLD = 1;
  /** Bad usage or bad input. */
  static final int BAD_INPUT = 2;
  /** A backend or native library that was asked for is not available. */
  static final int UNAVAILABLE = 3;
  /** The environment: disk full, out of memory, or a bug of ours. */
  static final int ENVIRONMENT = 4;
  /** Interrupted; what was finished is kept. */
  static final int INTERRUPTED = 130;

  private ExitCodes() {}
}
