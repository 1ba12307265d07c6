package io.contraspectra.experiments.cli;

/** Which Laplacian {@code embed} takes. */
enum LaplacianKind {
  /** Of the random walk: {@code L u = lambda D u}. */
  WALK,
  /** {@code L u = lambda u}. */
  UNNORMALISED
}
