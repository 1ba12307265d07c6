package io.contraspectra.core.operator;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NotConverged;
import io.contraspectra.core.operator.KrylovBasis.Ritz;
import io.contraspectra.core.random.RandomStreams;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Extreme eigenpairs by block Krylov spaces with full reorthogonalisation and thick restart (Zhou and Saad 2008; the
 * block form of Wu and Simon 2000). The whole basis and its image are kept, Rayleigh and Ritz's method is applied to
 * all of it, so pairs that have converged stay in and everything new is orthogonal to them.
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

  /**
   * A solver with an empty basis.
   *
   * @param block vectors that are mapped at once
   * @param basis vectors that the basis must have room for; 0 for what the operator is worth
   */
  BlockKrylov(SymmetricOperator operator, int k, boolean smallest, int block, int basis, EigenOptions options) {
    this.operator = operator;
    this.backend = operator.backend();
    this.k = k;
    Matrix deflated = options.deflated();
    this.room = operator.size() - (deflated == null ? 0 : deflated.rows());
    this.block = (int) Math.min(block, room);
    this.options = options;
    this.tolerance = options.toleranceOf(operator.dtype());
    this.basis = new KrylovBasis(operator, smallest, basis > 0 ? basis : capacity(), this.block, deflated,
        RandomStreams.of(options.seed()).named("eigensolver"));
    this.convergence = new Convergence(k, this.block, tolerance);
  }

  /**
   * An expensive operator is worth a long basis, for a restart forgets; a cheap one is not worth orthogonalising to it.
   */
  private int capacity() {
    double affordable = operator.flops(1) / (16.0 * operator.size());
    double wanted = Math.clamp(affordable, 3.0 * k + 6.0 * block, Math.max(LARGEST_BASIS, 4.0 * k + 8.0 * block));
    double bytes = 3.0 * operator.size() * operator.dtype().bytes();
    double affordableRows = Math.max(options.memory() / bytes, k + 3.0 * block);
    return (int) Math.min(Math.min(Math.max(wanted, LEAST_BASIS), affordableRows), room);
  }

  /**
   * Iterates until all pairs have converged.
   *
   * @return the pairs; null if more vectors were mapped than {@code patience} without reaching the tolerance
   * @throws NotConverged at the limit that the options set
   */
  @Nullable EigenPairs untilConverged(long patience) {
    basis.randomise(basis.slot(block));
    basis.extend(block);
    int rows = block;
    boolean searched = false;
    while (basis.columns() <= patience) {
      if (searched || isTimeToLook(rows)) {
        try (Look look = look()) {
          if (convergence.reached() || basis.size() == room) {
            if (block >= k || basis.size() == room || !missedPairs(look)) {
              return judged(look);
            }
            searched = true;
            continue;
          }
          requireHope(look);
          if (searched) {
            follow(look);
            continue;
          }
        }
      }
      rows = grow(rows);
      tellProgress();
    }
    return null;
  }

  /** Iterates from given vectors, k x n at least, until as many pairs as are wanted have converged. */
  EigenPairs refined(Matrix start) {
    backend.copy(start, basis.slot(Math.toIntExact(start.rows())));
    basis.extend(Math.toIntExact(start.rows()));
    tellProgress();
    while (true) {
      try (Look look = look()) {
        if (convergence.reached() || basis.size() == room) {
          return judged(look);
        }
        requireHope(look);
        follow(look);
      }
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
    try (Look look = look()) {
      return options.tolerance() > 0 ? judged(look) : pairs(look);
    }
  }

  private boolean isTimeToLook(int rows) {
    return basis.size() >= k && (basis.size() >= convergence.nextCheck() || basis.size() == room
        || rows + basis.size() > basis.capacity());
  }

  /** The wanted Ritz pairs of the basis as it is. */
  private Look look() {
    Ritz ritz = basis.ritz(0);
    Matrix found = backend.zeros(operator.dtype(), k, operator.size());
    Matrix remainders = backend.zeros(operator.dtype(), k, operator.size());
    double[] residuals = basis.residuals(ritz, found, remainders);
    double unit = ritz.norm() > 0 ? ritz.norm() : 1;
    for (int i = 0; i < k; i++) {
      residuals[i] /= unit;
    }
    convergence.checked(basis.size(), Arrays.stream(residuals).max().orElse(0));
    return new Look(ritz, residuals, found, remainders);
  }

  private boolean missedPairs(Look look) {
    boolean exist = MissedPairs.exist(basis, look.ritz(), k, room, tolerance);
    tellProgress();
    return exist;
  }

  /**
   * Extends the basis by the remainders of pairs that have not converged: once a search has put vectors of its own into
   * the basis, the images of the last ones alone no longer lead to every pair.
   */
  private void follow(Look look) {
    int most = (int) Math.min(block, room - basis.size());
    if (basis.size() + most > basis.capacity()) {
      basis.shrink(look.ritz(), kept(most));
    }
    int rows = 0;
    for (int i = 0; i < k && rows < most; i++) {
      if (look.residuals()[i] > tolerance) {
        backend.copy(look.remainders().rowRange(i, 1), basis.slot(most).rowRange(rows++, 1));
      }
    }
    basis.extend(rows);
    tellProgress();
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

  private void requireHope(Look look) {
    long limit = options.columns() > 0 ? options.columns() : 50L * basis.capacity();
    if (basis.columns() >= limit) {
      throw notConverged(look);
    }
  }

  private EigenPairs judged(Look look) {
    if (!convergence.reached()) {
      throw notConverged(look);
    }
    return pairs(look);
  }

  private NotConverged notConverged(Look look) {
    String reached = Arrays.stream(look.residuals()).mapToObj(residual -> String.format(Locale.ROOT, "%.1e", residual))
        .collect(Collectors.joining(", "));
    return new NotConverged("eigensolver: " + k + " eigenpairs of an operator of size " + operator.size() + " after "
        + basis.columns() + " vectors: residuals " + reached + " where " + tolerance + " was asked for;"
        + " ask for a larger tolerance or fewer pairs, or allow more vectors");
  }

  private EigenPairs pairs(Look look) {
    var values = new double[k];
    for (int i = 0; i < k; i++) {
      values[i] = basis.original(look.ritz().values()[i]);
    }
    return new EigenPairs(Residuals.row(backend, operator.dtype(), values),
        backend.copyOf(look.found(), operator.dtype()),
        Residuals.row(backend, operator.dtype(), look.residuals()));
  }

  @Override
  public void close() {
    basis.close();
  }

  /**
   * The wanted pairs at one moment.
   *
   * @param residuals over the norm
   * @param found Ritz vectors, k x n
   * @param remainders {@code B v_i − θ_i v_i}, k x n
   */
  private record Look(Ritz ritz, double[] residuals, Matrix found, Matrix remainders) implements AutoCloseable {

    @Override
    public void close() {
      ritz.close();
      found.close();
      remainders.close();
    }
  }
}
