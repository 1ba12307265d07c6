package io.contraspectra.core.loss;

/**
 * phi(x) = tau log(eps + x), psi(u) = exp(u/tau + margin): {@code alpha_ij = exp(l_ij − logsumexp(log eps, l_i.))} of
 * the logits l = u/tau + margin. InfoNCE, MINE, the N+1 tuplet and the soft triplet loss (alphacl.md 2).
 */
final class SoftmaxImportance extends Importance {

  private final double tau;
  private final double eps;
  private final double margin;

  SoftmaxImportance(double tau, double eps, double margin) {
    this.tau = tau;
    this.eps = eps;
    this.margin = margin;
  }

  @Override
  void weigh(PairBlock block) {
    block.backend().scale(1 / tau, block.pairs());
    block.backend().shift(margin, block.pairs());
    block.spare(eps);
    block.softmax();
    block.backend().scale(tau, block.losses());
  }

  @Override
  boolean canBackPropagate() {
    return true;
  }

  @Override
  void backPropagate(PairBlock block) {
    block.backPropagate(tau);
  }

  @Override
  double conjugate(double[] row) {
    double s = sum(row);
    double rest = eps == 0 || s >= 1 ? 0 : (1 - s) * Math.log((1 - s) / eps);
    return tau * (negativeEntropy(row) + rest - margin * s);
  }
}
