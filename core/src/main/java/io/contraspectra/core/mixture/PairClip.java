package io.contraspectra.core.mixture;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.optimize.Lbfgs;
import io.contraspectra.core.optimize.Objective;

/**
 * The CLIP loss of two linear maps on n pairs of different modalities (gmm.md 5): half the cross-entropy over the rows
 * and half over the columns of {@code S = XAᵀBYᵀ}, less log n. Similarities are neither normalised nor tempered.
 *
 * <p>The parameters are both maps side by side, {@code [A B]} of r x (d_V + d_T). One thread, one loss; close it.
 */
public final class PairClip implements Objective, AutoCloseable {

  private static final String NAME = "CLIP of pairs";

  private final Backend backend;
  private final Matrix x;
  private final Matrix y;
  private final RowContrast contrast;
  private final Workspace workspace;
  private final Matrix zx;
  private final Matrix zy;
  private final Matrix dx;
  private final Matrix dy;

  /**
   * Prepares the loss.
   *
   * @param x n x d_V; kept by reference
   * @param y n x d_T; kept by reference
   * @param dimensions r, the dimension of the embedding, at least 1
   */
  public PairClip(Backend backend, Matrix x, Matrix y, int dimensions) {
    if (x.rows() != y.rows() || x.size() == 0 || y.size() == 0 || dimensions < 1) {
      throw new ShapeMismatch(NAME + ": " + x.describe("X") + " and " + y.describe("Y") + " must have equal rows, one"
          + " pair a row, and the embedding at least 1 dimension, got " + dimensions);
    }
    this.backend = backend;
    this.x = x;
    this.y = y;
    this.workspace = backend.workspace(4 * Workspace.bytes(x.dtype(), x.rows(), dimensions));
    this.zx = workspace.matrix(x.dtype(), x.rows(), dimensions);
    this.zy = workspace.matrix(x.dtype(), x.rows(), dimensions);
    this.dx = workspace.matrix(x.dtype(), x.rows(), dimensions);
    this.dy = workspace.matrix(x.dtype(), x.rows(), dimensions);
    this.contrast = new RowContrast(backend, x.dtype(), x.rows(), dimensions);
  }

  @Override
  public double evaluate(Matrix maps, Matrix gradient) {
    if (maps.rows() != zx.cols() || maps.cols() != x.cols() + y.cols()) {
      throw new ShapeMismatch(NAME + ": " + maps.describe("[A B]") + " must be " + zx.cols() + "x"
          + (x.cols() + y.cols()));
    }
    backend.gemm(NO, YES, 1, x, first(maps), 0, zx);
    backend.gemm(NO, YES, 1, y, second(maps), 0, zy);
    backend.fill(0, dx);
    backend.fill(0, dy);
    double value = 0.5 * contrast.evaluate(zx, zy, 0.5, dx, dy) + 0.5 * contrast.evaluate(zy, zx, 0.5, dy, dx);
    backend.gemm(YES, NO, 1, dx, x, 0, first(gradient));
    backend.gemm(YES, NO, 1, dy, y, 0, second(gradient));
    return value - Math.log(x.rows());
  }

  private Matrix first(Matrix maps) {
    return maps.block(0, 0, maps.rows(), x.cols());
  }

  private Matrix second(Matrix maps) {
    return maps.block(0, x.cols(), maps.rows(), y.cols());
  }

  /**
   * Both maps of a fit. Owns them; close it.
   *
   * @param first A, r x d_V
   * @param second B, r x d_T
   * @param result how the minimisation ended, in whitened coordinates
   */
  public record Maps(Matrix first, Matrix second, Lbfgs.Result result) implements AutoCloseable {

    @Override
    public void close() {
      first.close();
      second.close();
    }
  }

  /**
   * The minimiser, by L-BFGS from the linearised optimum after each modality was centred and whitened.
   *
   * @param x n x d_V, more rows than columns
   * @param y n x d_T, likewise
   * @param dimensions r, from 1 to min(d_V, d_T)
   * @param gradient the largest |component| of the gradient, in white coordinates, that counts as converged, e.g. 1e-6
   */
  public static Maps fit(Backend backend, Matrix x, Matrix y, int dimensions, double gradient) {
    PairMoments.requirePairs(NAME, x, y, false);
    PairInfoNce.requireDimensions(dimensions, Math.min(x.cols(), y.cols()));
    try (var first = WhiteViews.of(backend, x);
        var second = WhiteViews.of(backend, y);
        Matrix theta = start(backend, first.white(), second.white(), dimensions);
        var loss = new PairClip(backend, first.white(), second.white(), dimensions);
        var rule = new Lbfgs(backend, theta, 20, InfoNceMinimiser.TERMS)) {
      Lbfgs.Result result = rule.minimise(loss, theta, Lbfgs.Stop.at(gradient));
      return new Maps(Products.of(backend, NO, NO, loss.first(theta), first.whitening()),
          Products.of(backend, NO, NO, loss.second(theta), second.whitening()), result);
    }
  }

  /** With {@code XᵀY/n = USV} of white views: the rows of √S Uᵀ and √S V. */
  private static Matrix start(Backend backend, Matrix x, Matrix y, int dimensions) {
    long r = Math.min(x.cols(), y.cols());
    Matrix maps = backend.zeros(x.dtype(), dimensions, x.cols() + y.cols());
    try (Matrix cross = PairMoments.moment(backend, x, y);
        Matrix u = backend.zeros(x.dtype(), x.cols(), r);
        Matrix left = backend.zeros(x.dtype(), r, x.cols());
        Matrix s = backend.zeros(x.dtype(), 1, r);
        Matrix v = backend.zeros(x.dtype(), r, y.cols())) {
      backend.svd(cross, u, s, v);
      backend.transpose(u, left);
      double[] values = s.toArray();
      for (int k = 0; k < dimensions; k++) {
        double size = Math.sqrt(Math.max(values[k], 1e-4));
        backend.add(size, left.rowRange(k, 1), 0, maps.block(k, 0, 1, x.cols()));
        backend.add(size, v.rowRange(k, 1), 0, maps.block(k, x.cols(), 1, y.cols()));
      }
      return maps;
    }
  }

  @Override
  public void close() {
    contrast.close();
    workspace.close();
  }
}
