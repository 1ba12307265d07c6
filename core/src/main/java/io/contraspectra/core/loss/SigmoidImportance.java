package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.UnaryFunction;

/**
 * Modified triplet loss: phi(x) = x, psi(u) = s(c u) with the logistic function s, hence
 * {@code alpha_ij = c s(c u_ij) s(−c u_ij)}, which no cancellation spoils (alphacl.md 2).
 */
final class SigmoidImportance extends Importance {

  private final double c;

  SigmoidImportance(double c) {
    this.c = c;
  }

  @Override
  void weigh(PairBlock block) {
    Backend backend = block.backend();
    backend.scale(c, block.pairs());
    backend.map(UnaryFunction.LOGISTIC, block.pairs(), block.original());
    block.erase(block.original());
    block.rowSums(block.original(), block.losses());
    backend.scale(-1, block.pairs());
    block.map(UnaryFunction.LOGISTIC);
    // What is no negative is 0 in the first factor already.
    backend.multiply(block.original(), block.pairs(), block.pairs());
    backend.scale(c, block.pairs());
  }
}
