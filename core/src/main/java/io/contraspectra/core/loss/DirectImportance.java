package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;

/**
 * Importance set directly, without an optimisation behind it: {@code alpha_ij = w_ij/(Σ_k w_ik + e n_i)},
 * {@code w_ij = exp(−d_ij^p/tau)} with d_ij² the halved squared distance and n_i the number of negatives (alphacl.md
 * 4d). The loss is {@code Σ alpha_ij u_ij}.
 */
final class DirectImportance extends Importance {

  private final double p;
  private final double tau;
  private final double e;

  DirectImportance(double p, double tau, double e) {
    this.p = p;
    this.tau = tau;
    this.e = e;
  }

  @Override
  boolean ofDistances() {
    return true;
  }

  @Override
  void weigh(PairBlock block) {
    Backend backend = block.backend();
    block.keep();
    if (p == 4) {
      backend.multiply(block.pairs(), block.pairs(), block.pairs());
    } else if (p != 2) {
      power(block.pairs(), block.host().values());
    }
    backend.scale(-1 / tau, block.pairs());
    block.spareOfNegatives(e);
    block.softmax();
    block.gainsOfDistances();
  }

  // Rounding may leave a distance just below 0, where a root would be NaN.
  private void power(Matrix distances, HostNumbers host) {
    double[] values = host.of(distances);
    for (int i = 0; i < distances.size(); i++) {
      values[i] = Math.pow(Math.max(0, values[i]), p / 2);
    }
    distances.copyFromStart(values);
  }
}
