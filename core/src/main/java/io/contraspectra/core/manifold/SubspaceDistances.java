package io.contraspectra.core.manifold;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * The principal angles θ between two subspaces of dimensions p and q, and the distances that are functions of them
 * (grassmann.md 8). Immutable.
 */
public final class SubspaceDistances {

  private final double[] angles;
  private final long first;
  private final long second;

  SubspaceDistances(double[] angles, long first, long second) {
    this.angles = angles;
    this.first = first;
    this.second = second;
  }

  /** min(p, q) angles in radians, ascending, from 0 to π/2. */
  public double[] principalAngles() {
    return angles.clone();
  }

  /** The largest principal angle. */
  public double largestAngle() {
    return angles[angles.length - 1];
  }

  /** {@code projF = ‖P_A − P_B‖_F}, which is {@code √2‖sin θ‖} between equal dimensions. */
  public double projectorDistance() {
    return Math.sqrt(Math.abs(first - second) + 2 * sum(theta -> square(Math.sin(theta))));
  }

  /** {@code ‖sin θ‖}. */
  public double chordal() {
    return Math.sqrt(sum(theta -> square(Math.sin(theta))));
  }

  /** {@code ‖θ‖}. */
  public double geodesic() {
    return Math.sqrt(sum(SubspaceDistances::square));
  }

  /** {@code 2‖sin(θ/2)‖}: how near frames of the two come by rotation. */
  public double procrustes() {
    return 2 * Math.sqrt(sum(theta -> square(Math.sin(theta / 2))));
  }

  /** {@code max sin θ}, which is {@code ‖P_A − P_B‖_2} between equal dimensions. */
  public double spectral() {
    return Math.sin(largestAngle());
  }

  /** {@code ‖(I − P_B)Q_A‖_F/√p} with an orthonormal basis Q_A of A: how much of A is outside B, from 0 to 1. */
  public double projectionDistance() {
    return Math.sqrt((Math.max(0, first - second) + sum(theta -> square(Math.sin(theta)))) / first);
  }

  private double sum(DoubleUnaryOperator term) {
    return Arrays.stream(angles).map(term).sum();
  }

  private static double square(double x) {
    return x * x;
  }
}
