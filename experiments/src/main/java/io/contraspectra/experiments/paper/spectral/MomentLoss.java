package io.contraspectra.experiments.paper.spectral;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.optimize.Objective;
import io.contraspectra.experiments.paper.spectral.Relation.Centring;
import java.util.List;

/**
 * A loss that sees an embedding by its second moments alone,
 * {@code Σ_t Σ_ab w_t,ab ((ZᵀM_tZ)_ab − target_t δ_ab)² + tr ZᵀPZ + constant}: what squared VICReg, squared SimCLR, the
 * spectral contrastive loss and unnormalised Barlow Twins become when their sums over samples are written as products.
 * Moments of {@code XᵀMX} make it the loss of a linear encoder's weights. Owns its matrices; close it. One thread.
 */
final class MomentLoss implements Objective, AutoCloseable {

  /**
   * One squared moment.
   *
   * @param moment M, n x n symmetric
   * @param diagonal weight of the squares on the diagonal
   * @param rest weight of the others
   * @param target what the diagonal is wanted to be
   */
  record Term(Matrix moment, double diagonal, double rest, double target) {}

  private final Backend backend;
  private final List<Term> terms;
  private final Matrix pull;
  private final double constant;

  private MomentLoss(Backend backend, List<Term> terms, Matrix pull, double constant) {
    this.backend = backend;
    this.terms = terms;
    this.pull = pull;
    this.constant = constant;
  }

  /** Squared VICReg whose covariance weighs samples by degree. */
  static MomentLoss degreeVicReg(Relation r, double alpha, double beta, double gamma) {
    double total = r.graph().totalWeight();
    return new MomentLoss(r.backend(), List.of(new Term(r.degrees(1 / total, true), alpha, beta, 1)),
        r.laplacian(2 * gamma / total), 0);
  }

  /** Squared VICReg. */
  static MomentLoss vicReg(Relation r, double alpha, double beta, double gamma, int ddof) {
    int n = r.samples();
    return new MomentLoss(r.backend(), List.of(new Term(r.centring(n - ddof), alpha, beta, 1)),
        r.laplacian(2 * gamma / n), 0);
  }

  /** {@code ‖ZZᵀ − S‖²} for S = G or HGH. */
  static MomentLoss simClr(Relation r, Centring centring) {
    Matrix pull = r.adjacency(-2, centring);
    double norm = r.backend().norm(pull) / 2;
    return new MomentLoss(r.backend(), List.of(new Term(identity(r), 1, 1, 0)), pull, norm * norm);
  }

  /** The spectral contrastive loss. */
  static MomentLoss spectralContrastive(Relation r) {
    double total = r.graph().totalWeight();
    return new MomentLoss(r.backend(), List.of(new Term(r.degrees(1 / total, false), 1, 1, 0)),
        r.adjacency(-2 / total, Centring.NONE), 0);
  }

  /** {@code ‖ZᵀHGHZ − I‖²}. */
  static MomentLoss barlowTwins(Relation r) {
    Matrix moment = r.adjacency(1, Centring.PLAIN);
    return new MomentLoss(r.backend(), List.of(new Term(moment, 1, 1, 1)),
        r.backend().zeros(DType.F64, r.samples(), r.samples()), 0);
  }

  /**
   * Two-view VICReg {@code alpha(‖C_A − I‖² + ‖C_B − I‖²) + (gamma/n)‖X_AW_A − X_BW_B‖²} of both weights, one below the
   * other.
   *
   * @param a n x d_A without its mean
   * @param b n x d_B without its mean
   */
  static MomentLoss twoViews(Backend backend, Matrix a, Matrix b, double alpha, double gamma) {
    long n = a.rows();
    return new MomentLoss(backend, List.of(new Term(moment(backend, a, b, 1.0 / n, 0, 0), alpha, alpha, 1),
        new Term(moment(backend, a, b, 0, 1.0 / n, 0), alpha, alpha, 1)),
        moment(backend, a, b, gamma / n, gamma / n, -gamma / n), 0);
  }

  /** {@code [[p AᵀA, r AᵀB], [r BᵀA, q BᵀB]]}. */
  private static Matrix moment(Backend backend, Matrix a, Matrix b, double p, double q, double r) {
    long first = a.cols();
    long second = b.cols();
    Matrix moment = backend.zeros(DType.F64, first + second, first + second);
    backend.gemm(YES, NO, p, a, a, 0, moment.block(0, 0, first, first));
    backend.gemm(YES, NO, q, b, b, 0, moment.block(first, first, second, second));
    backend.gemm(YES, NO, r, a, b, 0, moment.block(0, first, first, second));
    backend.gemm(YES, NO, r, b, a, 0, moment.block(first, 0, second, first));
    return moment;
  }

  private static Matrix identity(Relation r) {
    Matrix identity = r.backend().zeros(DType.F64, r.samples(), r.samples());
    r.backend().shiftDiagonal(1, identity);
    return identity;
  }

  /** The loss of the weights of a linear encoder; takes this one's matrices over. */
  MomentLoss ofEncoder(Relation r) {
    return new MomentLoss(backend, terms.stream().map(term -> new Term(r.ofEncoder(term.moment()), term.diagonal(),
        term.rest(), term.target())).toList(), r.ofEncoder(pull), constant);
  }

  @Override
  public double evaluate(Matrix z, Matrix gradient) {
    int k = (int) z.cols();
    try (Matrix image = backend.zeros(DType.F64, z.rows(), k); Matrix c = backend.zeros(DType.F64, k, k)) {
      backend.gemm(NO, NO, 2, pull, z, 0, gradient);
      double value = constant + backend.dot(z, gradient) / 2;
      for (Term term : terms) {
        backend.gemm(NO, NO, 1, term.moment(), z, 0, image);
        backend.gemm(YES, NO, 1, z, image, 0, c);
        double[] entries = c.toArray();
        for (int a = 0; a < k; a++) {
          for (int b = 0; b < k; b++) {
            double deviation = entries[a * k + b] - (a == b ? term.target() : 0);
            entries[a * k + b] = (a == b ? term.diagonal() : term.rest()) * deviation;
            value += entries[a * k + b] * deviation;
          }
        }
        c.copyFrom(entries);
        backend.gemm(NO, NO, 4, image, c, 1, gradient);
      }
      return value;
    }
  }

  @Override
  public void close() {
    terms.forEach(term -> term.moment().close());
    pull.close();
  }
}
