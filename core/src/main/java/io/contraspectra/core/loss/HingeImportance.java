package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.UnaryFunction;

/** Triplet loss: phi(x) = x, psi(u) = [u + eps]₊, hence alpha_ij = 1 where u_ij + eps > 0, else 0 (alphacl.md 2). */
final class HingeImportance extends Importance {

  private final double eps;

  HingeImportance(double eps) {
    this.eps = eps;
  }

  @Override
  void weigh(PairBlock block) {
    Backend backend = block.backend();
    backend.shift(eps, block.pairs());
    backend.map(UnaryFunction.RELU, block.pairs(), block.original());
    block.erase(block.original());
    block.rowSums(block.original(), block.losses());
    block.map(UnaryFunction.STEP);
    block.erase(block.pairs());
  }

  @Override
  double conjugate(double[] row) {
    return -eps * sum(row);
  }
}
