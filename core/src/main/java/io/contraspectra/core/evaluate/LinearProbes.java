package io.contraspectra.core.evaluate;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NotConverged;
import io.contraspectra.core.optimize.Lbfgs;

/** Linear classifiers fitted to frozen features: what a representation makes linearly visible. Thread-safe. */
public final class LinearProbes {

  // Eigenvalues of the Gram below this part of the largest are rounding; without a penalty nothing is known there.
  private static final double RANGE = 1e-13;
  private static final int PAIRS = 20;
  private static final int ITERATIONS = 2000;
  private static final double GRADIENT = 1e-6;

  private LinearProbes() {}

  /**
   * Ridge regression on centred one-hot labels: W minimises {@code ‖H(X W − Y)‖² + penalty ‖W‖²} with the centring H,
   * and the intercept makes up for the means (spectral.md 7).
   *
   * @param x N x d
   * @param labels N classes, at least two different ones
   * @param penalty at least 0; with 0 the solution of least norm
   */
  public static LinearClassifier ridge(Backend backend, Matrix x, int[] labels, double penalty) {
    var classes = new Classes("ridge probe", x, labels);
    if (!(penalty >= 0) || Double.isInfinite(penalty)) {
      throw new InvalidArgument("ridge probe: the penalty is " + penalty + "; it must be finite and not negative");
    }
    backend.requireFinite("ridge probe: X", x);
    Matrix weights = backend.zeros(x.dtype(), x.cols(), classes.count());
    Matrix intercept = backend.zeros(x.dtype(), 1, classes.count());
    try (Matrix centred = backend.copyOf(x, x.dtype());
        Matrix y = classes.oneHot(backend, x.dtype());
        Matrix xMean = Columns.centre(backend, centred);
        Matrix yMean = Columns.centre(backend, y);
        Matrix correlation = backend.zeros(x.dtype(), x.cols(), classes.count())) {
      backend.gemm(YES, NO, 1, centred, y, 0, correlation);
      solve(backend, centred, penalty, correlation, weights);
      backend.copy(yMean, intercept);
      backend.gemm(NO, NO, -1, xMean, weights, 1, intercept);
      return new LinearClassifier(backend, classes, weights, intercept);
    } catch (RuntimeException | Error e) {
      weights.close();
      intercept.close();
      throw e;
    }
  }

  /** {@code W = (XᵀX + penalty)⁺ B} by the eigenvectors of the Gram of features. */
  private static void solve(Backend backend, Matrix x, double penalty, Matrix b, Matrix w) {
    try (Matrix gram = Columns.gram(backend, x);
        Matrix values = backend.zeros(x.dtype(), 1, x.cols());
        Matrix column = backend.zeros(x.dtype(), x.cols(), 1);
        Matrix turned = backend.zeros(x.dtype(), b.rows(), b.cols())) {
      backend.eigh(gram, values);
      double[] inverse = values.toArray();
      double least = RANGE * inverse[inverse.length - 1];
      for (int i = 0; i < inverse.length; i++) {
        double value = Math.max(0, inverse[i]) + penalty;
        inverse[i] = value > least ? 1 / value : 0;
      }
      column.copyFrom(inverse);
      backend.gemm(NO, NO, 1, gram, b, 0, turned);
      backend.multiplyColumn(column, turned, turned);
      backend.gemm(YES, NO, 1, gram, turned, 0, w);
    }
  }

  /**
   * Multinomial logistic regression: W and b minimise {@code Σ_n cross-entropy_n + ‖W‖²/(2 c)}, the intercept b without
   * penalty, by L-BFGS. Standardise the features first where their scales differ, see {@link Columns#standardise}.
   *
   * @param x N x d
   * @param labels N classes, at least two different ones
   * @param c the inverse strength of the penalty, positive; scikit-learn's {@code C}
   * @throws NotConverged if the gradient does not become small
   */
  public static LinearClassifier logistic(Backend backend, Matrix x, int[] labels, double c) {
    var classes = new Classes("logistic probe", x, labels);
    if (!(c > 0) || Double.isInfinite(c)) {
      throw new InvalidArgument("logistic probe: C is " + c + "; it must be positive and finite");
    }
    backend.requireFinite("logistic probe: X", x);
    long d = x.cols();
    try (Matrix theta = backend.zeros(x.dtype(), d + 1, classes.count());
        var lbfgs = new Lbfgs(backend, theta, PAIRS);
        var loss = new LogisticLoss(backend, x, classes, c)) {
      double enough = GRADIENT * x.rows();
      Lbfgs.Result result = lbfgs.minimise(loss, theta, new Lbfgs.Stop(enough, 0, ITERATIONS));
      if (!result.converged() && result.iterations() == ITERATIONS) {
        throw new NotConverged("logistic probe: after " + result.iterations() + " iterations the gradient is still "
            + result.gradient() + "; standardise the features, or use a smaller C than " + c);
      }
      return new LinearClassifier(backend, classes,
          backend.copyOf(theta.rowRange(0, d), x.dtype()), backend.copyOf(theta.rowRange(d, 1), x.dtype()));
    }
  }
}
