package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;

/**
 * The min player's answer under entropy: of all alpha_i. ≥ 0 with sum b, the one that minimises
 * {@code Σ_j alpha_ij D_ij − tau H(alpha_i.)}, {@code alpha_ij = b softmax_j(−D_ij/tau)} (alphacl.md 4a). The loss is
 * {@code Σ alpha_ij u_ij}.
 */
final class EntropyImportance extends Importance {

  private final double tau;
  private final double budget;

  EntropyImportance(double tau, double budget) {
    this.tau = tau;
    this.budget = budget;
  }

  @Override
  void weigh(PairBlock block) {
    Backend backend = block.backend();
    block.keep();
    // A softmax does not see that u_ij and -D_ij differ by a constant of the row.
    backend.scale(1 / tau, block.pairs());
    block.spare(0);
    block.softmax();
    block.gains();
    scale(block);
  }

  @Override
  boolean canBackPropagate() {
    return true;
  }

  @Override
  void backPropagate(PairBlock block) {
    block.backend().scale(1 / budget, block.pairs());
    block.backPropagate(tau);
    scale(block);
  }

  private void scale(PairBlock block) {
    block.backend().scale(budget, block.pairs());
    block.backend().scale(budget, block.losses());
  }
}
