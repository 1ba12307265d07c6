package io.contraspectra.core.loss;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.matrix.Matrix;

/**
 * Some anchors' pairs with everybody while an {@link Importance} turns their advantages, or distances, into weights.
 *
 * @param backend where everything lies
 * @param first index of the first anchor
 * @param padded m x (1 + N): a column to spare, then the pairs
 * @param original m x N, scratch
 * @param positive d_i², m x 1
 * @param losses m x 1, to be overwritten with what each anchor adds to the loss
 * @param column m x 1, scratch
 * @param ones N x 1
 * @param negatives which pairs count
 * @param host arrays to work in
 */
record PairBlock(Backend backend, long first, Matrix padded, Matrix original, Matrix positive, Matrix losses,
    Matrix column, Matrix ones, Negatives negatives, HostPairs host) {

  long rows() {
    return padded.rows();
  }

  /** m x N: u_ij or D_ij at first, the pairwise importance alpha_ij in the end. */
  Matrix pairs() {
    return padded.block(0, 1, padded.rows(), padded.cols() - 1);
  }

  /** Keeps the pairs as they are in {@link #original()}. */
  void keep() {
    backend.copy(pairs(), original);
  }

  /** Sums of rows. */
  void rowSums(Matrix x, Matrix target) {
    TiledGemm.gemm(backend, NO, NO, 1, x, ones, 0, target);
  }

  /** Sets the pairs that do not count to 0. */
  void erase(Matrix x) {
    negatives.erase(first, x);
  }

  /**
   * Replaces the pairs x, of which only negatives count, by {@code exp(x_ij − c_i)}, where
   * {@code c_i = log(e_i + Σ_j exp x_ij)} goes to the losses. The logarithms of e_i stand in the spare column.
   */
  void softmax() {
    negatives.exclude(first, pairs());
    backend.softmaxRows(padded, losses);
  }

  /** Fills the spare column with log(e); nothing is added to a sum of exponentials where e is 0. */
  void spare(double e) {
    backend.fill(Math.log(e), padded.block(0, 0, padded.rows(), 1));
  }

  /** Fills the spare column with log(e n_i), n_i the number of the anchor's negatives. */
  void spareOfNegatives(double e) {
    double[] logarithms = host.losses().array(rows());
    for (int i = 0; i < rows(); i++) {
      logarithms[i] = Math.log(e * negatives.count(first + i));
    }
    padded.block(0, 0, padded.rows(), 1).copyFromStart(logarithms);
  }

  /** The losses become {@code Σ_j alpha_ij u_ij}, from the advantages kept. */
  void gains() {
    backend.rowDots(pairs(), original, losses);
  }

  /** The losses become {@code Σ_j alpha_ij (d_i² − D_ij)}, from the distances kept. */
  void gainsOfDistances() {
    rowSums(pairs(), column);
    backend.multiply(positive, column, losses);
    backend.rowDots(pairs(), original, column);
    backend.add(-1, column, 1, losses);
  }

  /**
   * For a softmax alpha of u/tau, with any constant in its denominator: turns alpha into the derivatives of
   * {@code Σ_j alpha_ij u_ij} with alpha a function of u, {@code alpha_ij (1 + (u_ij − Σ_k alpha_ik u_ik)/tau)}, from
   * the advantages kept. The losses become that sum.
   */
  void backPropagate(double tau) {
    gains();
    backend.multiply(original, pairs(), original);
    backend.add(-1 / tau, losses, 0, column);
    backend.shift(1, column);
    backend.multiplyColumn(column, pairs(), pairs());
    backend.add(1 / tau, original, 1, pairs());
  }

  /** Replaces the pairs by f(pairs). */
  void map(UnaryFunction function) {
    backend.map(function, pairs(), pairs());
  }
}
