package io.contraspectra.core.operator;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NotConverged;
import io.contraspectra.core.operator.KrylovBasis.Ritz;
import io.contraspectra.core.random.RandomStreams;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Extreme eigenpairs by block Krylov spaces with full reorthogonalisation and thick restart (Zhou and Saad 2008; the
 * block form of Wu and Simon 2000). The whole basis and its image are kept, Rayleigh and Ritz's method is applied to all
 * of it, so pairs that have converged stay in and everything new is orthogonal to them.
 *
 * <p>A Krylov space of b start vectors holds at most b vectors of one eigenspace. Where b is smaller than the number of
 * pairs wanted, a fresh random vector therefore looks for what was missed, see {@link MissedPairs}.
 */
final class BlockKrylov implements AutoCloseable {

  private static final int LEAST_BASIS = 100;
  private static final int LARGEST_BASIS = 400;

  private final SymmetricOperator operator;
  private final Backend backend;
  private final int k;
  private final long room;
  private final int block;
  private final EigenOptions options;
  private final double tolerance;
  private final KrylovBasis basis;
  private final Convergence convergence;

  BlockKrylov(SymmetricOperator operator, int k, boolean smallest, int block, EigenOptions options) {
    this.operator = operator;
    this.backend = operator.backend();
    this.k = k;
    Matrix deflated = options.deflated();
    this.room = operator.size() - (deflated == null ? 0 : deflated.rows());
    this.block = (int) Math.min(block, room);
    this.options = options;
    this.tolerance = options.toleranceOf(operator.dtype());
    this.basis = new KrylovBasis(operator, smallest, capacity(), this.block, deflated,
        RandomStreams.of(options.seed()).named("eigensolver"));
    this.convergence = new Convergence(k, this.block, tolerance);
  }

  /** An expensive operator is worth a long basis, for a restart forgets; a cheap one is not worth orthogonalising to it. */
  private int capacity() {
    double affordable = operator.flops(1) / (16.0 * operator.size());
    double wanted = Math.clamp(affordable, 3.0 * k + 6.0 * block, Math.max(LARGEST_BASIS, 4.0 * k + 8.0 * block));
    double bytes = 3.0 * operator.size() * operator.dtype().bytes();
    double affordableRows = Math.max(options.memory() / bytes, k + 3.0 * block);
    return (int) Math.min(Math.min(Math.max(wanted, LEAST_BASIS), affordableRows), room);
  }

  /** Iterates until all pairs have converged. */
  EigenPairs untilConverged() {
    basis.randomise(basis.slot(block));
    basis.extend(block);
    int rows = block;
    while (true) {
      if (basis.size() >= convergence.nextCheck() || basis.size() == room || rows + basis.size() > basis.capacity()) {
        try (Ritz ritz = basis.ritz(0); Matrix found = backend.zeros(operator.dtype(), Math.min(k, basis.size()),
            operator.size())) {
          double[] residuals = basis.residuals(ritz, found);
          convergence.checked(basis.size(), worst(residuals) / norm(ritz));
          if (found.rows() == k && (convergence.reached() || basis.size() == room)) {
            if (block >= k || basis.size() == room || !MissedPairs.exist(basis, ritz, k, room)) {
              return judged(ritz, residuals, found);
            }
            // The search has left its vectors in the basis; the last of them leads on.
            rows = 1;
          }
          requireHope(ritz, residuals);
        }
      }
      rows = grow(rows);
      tellProgress();
    }
  }

  /** Takes a number of blocks into the basis, and what it then knows as the answer. */
  EigenPairs afterPasses(int passes, @Nullable Matrix start) {
    if (start == null) {
      basis.randomise(basis.slot(block));
    } else {
      backend.copy(start, basis.slot(block));
    }
    basis.extend(block);
    options.progress().advanced(1, passes);
    for (int pass = 1; pass < passes && basis.size() < room; pass++) {
      grow(block);
      options.progress().advanced(pass + 1, passes);
    }
    try (Ritz ritz = basis.ritz(0); Matrix found = backend.zeros(operator.dtype(), k, operator.size())) {
      double[] residuals = basis.residuals(ritz, found);
      convergence.checked(basis.size(), worst(residuals) / norm(ritz));
      return options.tolerance() > 0 ? judged(ritz, residuals, found) : pairs(ritz, residuals, found);
    }
  }

  /** Extends the basis by the images of its last rows; shrinks it before if it is full. */
  private int grow(int wanted) {
    int rows = (int) Math.min(wanted, room - basis.size());
    Matrix next = basis.slot(rows);
    backend.copy(basis.lastImages(rows), next);
    if (basis.size() + rows > basis.capacity()) {
      basis.orthonormalise(next);
      try (Matrix kept = backend.copyOf(next, next.dtype()); Ritz ritz = basis.ritz(0)) {
        basis.shrink(ritz, kept(rows));
        backend.copy(kept, basis.slot(rows));
      }
      convergence.restarted(basis.size());
    }
    basis.extend(rows);
    return rows;
  }

  private int kept(int rows) {
    int spare = Math.max(rows, (basis.capacity() - k) / 3);
    return Math.min(k + spare, basis.capacity() - rows);
  }

  private void tellProgress() {
    double done = basis.columns();
    options.progress().advanced(done, done + convergence.remaining());
  }

  private static double norm(Ritz ritz) {
    return ritz.norm() > 0 ? ritz.norm() : 1;
  }

  private static double worst(double[] residuals) {
    return Arrays.stream(residuals).max().orElse(0);
  }

  private void requireHope(Ritz ritz, double[] residuals) {
    long limit = options.columns() > 0 ? options.columns() : 50L * basis.capacity();
    if (basis.columns() >= limit) {
      throw notConverged(ritz, residuals);
    }
  }

  private EigenPairs judged(Ritz ritz, double[] residuals, Matrix found) {
    if (!convergence.reached()) {
      throw notConverged(ritz, residuals);
    }
    return pairs(ritz, residuals, found);
  }

  private NotConverged notConverged(Ritz ritz, double[] residuals) {
    var reached = new StringBuilder();
    for (double residual : residuals) {
      reached.append(reached.isEmpty() ? "" : ", ").append(String.format(Locale.ROOT, "%.1e", residual / norm(ritz)));
    }
    return new NotConverged("eigensolver: " + k + " eigenpairs of an operator of size " + operator.size() + " after "
        + basis.columns() + " vectors: residuals " + reached + " where " + tolerance + " was asked for;"
        + " ask for a larger tolerance or fewer pairs, or allow more vectors");
  }

  private EigenPairs pairs(Ritz ritz, double[] residuals, Matrix found) {
    var values = new double[k];
    var relative = new double[k];
    for (int i = 0; i < k; i++) {
      values[i] = basis.original(ritz.values()[i]);
      relative[i] = residuals[i] / norm(ritz);
    }
    return new EigenPairs(Residuals.row(backend, operator.dtype(), values), backend.copyOf(found, operator.dtype()),
        Residuals.row(backend, operator.dtype(), relative));
  }

  @Override
  public void close() {
    basis.close();
  }
}
