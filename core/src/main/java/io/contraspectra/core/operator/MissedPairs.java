package io.contraspectra.core.operator;

import io.contraspectra.core.operator.KrylovBasis.Ritz;

/**
 * Looks for eigenpairs that a Krylov space could not see, such as the third vector of an eigenspace when there were two
 * start vectors. A random vector orthogonal to the basis starts a chain inside the complement; with probability close
 * to 1 it has a share of everything that was missed.
 *
 * <p>With C for the operator inside the complement, x for the start, and s a shift that makes C + s positive, Dixon's
 * bound {@code λ(C) + s ≤ (10 √n ‖(C + s)^j x‖)^(1/j)} ends the search as soon as it falls below the last wanted value.
 * Where the spectrum does not decay the bound is weak; then the search ends when the chain's own largest Ritz pair is
 * known to a few per cent, which something larger would have prevented.
 */
final class MissedPairs {

  private static final double COARSE = 0.02;
  private static final double UNLIKELY = 10;

  private MissedPairs() {}

  /**
   * Whether the basis, extended by the chain, has found more.
   *
   * @param ritz the pairs that have converged
   * @param k how many of them are wanted
   * @param room dimension of the space that the basis may fill
   * @param tolerance how far a value may lie above the last wanted one and still be a tie with it, over the norm
   */
  static boolean exist(KrylovBasis basis, Ritz ritz, int k, long room, double tolerance) {
    double last = ritz.values()[k - 1];
    double tie = tolerance * ritz.norm();
    double shift = Math.max(0, -ritz.values()[ritz.values().length - 1]);
    int first = basis.size();
    if (first + 3 > basis.capacity()) {
      basis.shrink(ritz, k);
      first = k;
    }
    basis.randomise(basis.slot(1));
    basis.extend(1);
    while (basis.size() < basis.capacity() && basis.size() < room) {
      try (Ritz chain = basis.ritz(first)) {
        double largest = chain.values()[0];
        if (largest > last + tie) {
          return true;
        }
        int steps = basis.size() - first;
        double coefficient = Math.abs(chain.vectors().get(0, steps - 1));
        double error = basis.outside() * coefficient;
        boolean resolved = error <= tie || error <= COARSE * (last + shift) && largest + error < last;
        if (resolved || bound(basis, first, shift, room) < last + shift) {
          return false;
        }
      }
      basis.advance();
    }
    return false;
  }

  /** {@code (10 √n ‖(C + s)^j x‖)^(1/j)} for the largest j that the chain knows exactly. */
  private static double bound(KrylovBasis basis, int first, double shift, long room) {
    int length = basis.size() - first;
    if (length < 2) {
      return Double.POSITIVE_INFINITY;
    }
    var power = new double[length];
    power[0] = 1;
    double logNorm = 0;
    for (int step = 1; step < length; step++) {
      power = mapped(basis, first, shift, power);
      double norm = norm(power);
      if (norm == 0) {
        return 0;
      }
      logNorm += Math.log(norm);
      for (int i = 0; i < length; i++) {
        power[i] /= norm;
      }
    }
    return Math.exp((logNorm + Math.log(UNLIKELY * Math.sqrt(room))) / (length - 1));
  }

  private static double[] mapped(KrylovBasis basis, int first, double shift, double[] x) {
    var y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = shift * x[i];
      for (int j = 0; j < x.length; j++) {
        y[i] += basis.projected(first + i, first + j) * x[j];
      }
    }
    return y;
  }

  private static double norm(double[] x) {
    double square = 0;
    for (double number : x) {
      square += number * number;
    }
    return Math.sqrt(square);
  }
}
