package io.contraspectra.experiments.cli;

/** How {@code spectrum} finds eigenpairs. */
enum SpectrumMethod {
  /** What suits the size and the number of pairs. */
  AUTO,
  /** A decomposition of the whole matrix. */
  FULL,
  /** A block Krylov method, to a tolerance. */
  KRYLOV,
  /** A fixed number of passes. */
  RANDOMIZED
}
