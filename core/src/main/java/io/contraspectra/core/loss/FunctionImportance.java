package io.contraspectra.core.loss;

/** alpha_ij = phi'(Σ_k psi(u_ik)) psi'(u_ij) for any two functions (alphacl.md 1). */
final class FunctionImportance extends HostImportance {

  private final PairFunctions functions;

  FunctionImportance(PairFunctions functions) {
    this.functions = functions;
  }

  @Override
  boolean lossFromRow() {
    return true;
  }

  @Override
  double weigh(double[] advantages, int count, double[] scratch) {
    double xi = 0;
    for (int j = 0; j < count; j++) {
      xi += functions.psi().applyAsDouble(advantages[j]);
    }
    double slope = functions.phiDerivative().applyAsDouble(xi);
    for (int j = 0; j < count; j++) {
      advantages[j] = slope * functions.psiDerivative().applyAsDouble(advantages[j]);
    }
    return functions.phi().applyAsDouble(xi);
  }
}
