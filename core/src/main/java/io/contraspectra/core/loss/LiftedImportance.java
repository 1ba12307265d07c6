package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.UnaryFunction;

/**
 * Lifted structured loss: phi(x) = [log x]₊², psi(u) = exp(u + eps), hence
 * {@code alpha_ij = 2 [l_i]₊ exp(u_ij + eps − l_i)} with l_i = logsumexp_j(u_ij + eps) (alphacl.md 2).
 */
final class LiftedImportance extends Importance {

  private final double eps;

  LiftedImportance(double eps) {
    this.eps = eps;
  }

  @Override
  void weigh(PairBlock block) {
    Backend backend = block.backend();
    backend.shift(eps, block.pairs());
    block.spare(0);
    block.softmax();
    backend.map(UnaryFunction.RELU, block.losses(), block.losses());
    backend.add(2, block.losses(), 0, block.column());
    backend.multiplyColumn(block.column(), block.pairs(), block.pairs());
    backend.multiply(block.losses(), block.losses(), block.losses());
  }

  @Override
  double conjugate(double[] row) {
    double s = sum(row);
    return s * s / 4 + negativeEntropy(row) - (s == 0 ? 0 : s * Math.log(s)) - eps * s;
  }
}
