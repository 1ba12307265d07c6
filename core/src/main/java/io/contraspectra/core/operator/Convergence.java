package io.contraspectra.core.operator;

/**
 * When to look at the Ritz pairs next. Residuals fall about geometrically with the size of the basis, so two looks tell
 * how far the goal is; looking costs an eigendecomposition of the projection.
 */
final class Convergence {

  private final int block;
  private final double tolerance;
  private double nextCheck;
  private double residual = Double.POSITIVE_INFINITY;
  private double checkedAt;
  private double remaining;

  Convergence(int k, int block, double tolerance) {
    this.block = block;
    this.tolerance = tolerance;
    this.nextCheck = Math.max(k + 1.0, 2.0 * block);
    this.remaining = 5.0 * k + 2.0 * block;
  }

  /** The size of the basis from which on a look is worth its cost. */
  double nextCheck() {
    return nextCheck;
  }

  /** Vectors still to be mapped, as far as one can tell. */
  double remaining() {
    return remaining;
  }

  /** Whether the last look found every residual within the tolerance. */
  boolean reached() {
    return residual <= tolerance;
  }

  /** A look at a basis of a size has found this as its worst residual. */
  void checked(int size, double worst) {
    double fallen = Math.log(residual / worst);
    double left = Math.log(worst / tolerance);
    if (fallen > 0 && fallen < Double.POSITIVE_INFINITY && size > checkedAt) {
      remaining = left * (size - checkedAt) / fallen;
    }
    residual = worst;
    checkedAt = size;
    // Convergence speeds up towards the end: go half the way.
    nextCheck = size + Math.max(block, Math.min(0.5 * remaining, 8.0 * block));
  }

  /** The basis has shrunk to a size. */
  void restarted(int size) {
    checkedAt = size;
    nextCheck = size + 2.0 * block;
  }
}
