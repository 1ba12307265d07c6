package io.contraspectra.core.operator;

import io.contraspectra.core.backend.Progress;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import org.jspecify.annotations.Nullable;

/**
 * How an iterative eigensolver works. Immutable; start from {@link #DEFAULTS}.
 *
 * @param tolerance the residual {@code ‖Av − λv‖ / ‖A‖} that every pair must reach; 0 for 1e-9 in f64, 1e-5 in f32
 * @param seed of the random start; the same seed gives the same bits for the same number of threads
 * @param block vectors that are mapped at once; 0 for what suits the operator
 * @param passes applications of the operator to a block after which {@link Eigensolver#randomized} ends
 * @param landmarks rows of A from which {@link Eigensolver#randomized} takes its start (Nyström); 0 for a Gaussian
 *     start
 * @param columns vectors that may be mapped in all before the solver gives up; 0 for 50 times the basis
 * @param memory bytes that the basis and its image may take
 * @param deflated m x n, orthonormal rows that the eigenvectors must be orthogonal to, or null
 * @param progress hears of every application; ends the work by throwing
 */
public record EigenOptions(double tolerance, long seed, int block, int passes, int landmarks, long columns, long memory,
    @Nullable Matrix deflated, Progress progress) {

  /** Tolerance by element type, seed 0, two passes, at most 2 GiB. */
  public static final EigenOptions DEFAULTS = new EigenOptions(0, 0, 0, 2, 0, 0, 2L << 30, null, Progress.NONE);

  public EigenOptions {
    if (!(tolerance >= 0) || Double.isInfinite(tolerance)) {
      throw new InvalidArgument("eigensolver: tolerance " + tolerance + " must be positive, or 0 for the default");
    }
    if (block < 0 || passes < 1 || landmarks < 0 || columns < 0 || memory < 0) {
      throw new InvalidArgument("eigensolver: block " + block + ", passes " + passes + ", landmarks " + landmarks
          + ", columns " + columns + " and memory " + memory + " must not be negative, and passes at least 1");
    }
  }

  /** The same with another {@link #tolerance}. */
  public EigenOptions withTolerance(double value) {
    return new EigenOptions(value, seed, block, passes, landmarks, columns, memory, deflated, progress);
  }

  /** The same with another {@link #seed}. */
  public EigenOptions withSeed(long value) {
    return new EigenOptions(tolerance, value, block, passes, landmarks, columns, memory, deflated, progress);
  }

  /** The same with another {@link #block}. */
  public EigenOptions withBlock(int value) {
    return new EigenOptions(tolerance, seed, value, passes, landmarks, columns, memory, deflated, progress);
  }

  /** The same with another number of {@link #passes}. */
  public EigenOptions withPasses(int value) {
    return new EigenOptions(tolerance, seed, block, value, landmarks, columns, memory, deflated, progress);
  }

  /** The same with another number of {@link #landmarks}. */
  public EigenOptions withLandmarks(int value) {
    return new EigenOptions(tolerance, seed, block, passes, value, columns, memory, deflated, progress);
  }

  /** The same with another limit of {@link #columns}. */
  public EigenOptions withColumns(long value) {
    return new EigenOptions(tolerance, seed, block, passes, landmarks, value, memory, deflated, progress);
  }

  /** The same with another {@link #memory}. */
  public EigenOptions withMemory(long value) {
    return new EigenOptions(tolerance, seed, block, passes, landmarks, columns, value, deflated, progress);
  }

  /** The same with vectors {@link #deflated}. */
  public EigenOptions withDeflated(Matrix rows) {
    return new EigenOptions(tolerance, seed, block, passes, landmarks, columns, memory, rows, progress);
  }

  /** The same with another {@link #progress}. */
  public EigenOptions withProgress(Progress value) {
    return new EigenOptions(tolerance, seed, block, passes, landmarks, columns, memory, deflated, value);
  }

  /** The tolerance for an element type. */
  double toleranceOf(DType dtype) {
    if (tolerance > 0) {
      return tolerance;
    }
    return switch (dtype) {
      case F64 -> 1e-9;
      case F32 -> 1e-5;
    };
  }
}
