package io.contraspectra.core.loss;

/** Triplet contrastive, or quadratic, loss: phi and psi the identity, hence alpha_ij = 1 (alphacl.md 2). */
final class UniformImportance extends Importance {

  @Override
  void weigh(PairBlock block) {
    block.erase(block.pairs());
    block.rowSums(block.pairs(), block.losses());
    block.backend().fill(1, block.pairs());
    block.erase(block.pairs());
  }

  @Override
  double conjugate(double[] row) {
    for (double a : row) {
      if (a != 1) {
        return Double.POSITIVE_INFINITY;
      }
    }
    return 0;
  }
}
