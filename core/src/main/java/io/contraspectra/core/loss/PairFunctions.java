package io.contraspectra.core.loss;

import java.util.Objects;
import java.util.function.DoubleUnaryOperator;

/**
 * The two functions of a loss {@code Σ_i phi(Σ_j psi(u_ij))}, both increasing, with their derivatives (alphacl.md 1).
 *
 * @param phi of one anchor's sum
 * @param phiDerivative phi'
 * @param psi of one pair's advantage u_ij = d_i² − d_ij²
 * @param psiDerivative psi'
 */
public record PairFunctions(
    DoubleUnaryOperator phi, DoubleUnaryOperator phiDerivative, DoubleUnaryOperator psi,
    DoubleUnaryOperator psiDerivative) {

  public PairFunctions {
    Objects.requireNonNull(phi);
    Objects.requireNonNull(phiDerivative);
    Objects.requireNonNull(psi);
    Objects.requireNonNull(psiDerivative);
  }
}
