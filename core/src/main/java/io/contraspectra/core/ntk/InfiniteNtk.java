package io.contraspectra.core.ntk;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;

/**
 * The kernels of dense networks of infinite width in the NTK parameterisation: the neural tangent kernel, which is
 * {@code Theta ⊗ I_K} for K outputs, and the covariance of the outputs at initialisation (NNGP).
 *
 * <p>{@code S¹ = s_in² x·x' + beta²}, {@code T¹ = S¹}, {@code S^(l+1) = k(S^l) + beta²},
 * {@code T^(l+1) = S^(l+1) + T^l ∘ k'(S^l)}; NNGP = S^L, NTK = T^L (ntk.md 2).
 *
 * @param activation phi
 * @param layers L, the number of weight matrices, at least 1
 * @param inputScale s_in, the factor of the first layer
 * @param biasVariance beta², not negative
 */
public record InfiniteNtk(Activation activation, int layers, double inputScale, double biasVariance) {

  private static final long ROWS_PER_TILE = 16;

  public InfiniteNtk {
    if (layers < 1) {
      throw new InvalidArgument("infinite ntk: " + layers + " layers; at least one weight matrix is needed");
    }
    if (!Double.isFinite(inputScale) || !(biasVariance >= 0) || Double.isInfinite(biasVariance)) {
      throw new InvalidArgument("infinite ntk: input scale " + inputScale + " must be finite and bias variance "
          + biasVariance + " finite and not negative");
    }
  }

  /** Both kernels between two sets of inputs; owns the matrices. */
  public record Kernels(Matrix ntk, Matrix nngp) implements AutoCloseable {
    @Override
    public void close() {
      ntk.close();
      nngp.close();
    }
  }

  /**
   * The kernels of a set of inputs with itself.
   *
   * @param x N x d
   * @return N x N, symmetric; to be closed by the caller
   */
  public Kernels kernels(Backend backend, Matrix x) {
    return kernels(backend, x, x);
  }

  /**
   * The kernels between two sets of inputs.
   *
   * @param x N x d
   * @param y N' x d
   * @return N x N'; to be closed by the caller
   */
  public Kernels kernels(Backend backend, Matrix x, Matrix y) {
    backend.requireFinite("infinite ntk: X", x);
    backend.requireFinite("infinite ntk: X'", y);
    DualActivation dual = DualActivation.of(activation);
    double[][] xVariances = variances(backend, x, dual);
    double[][] yVariances = x == y ? xVariances : variances(backend, y, dual);

    Matrix nngp = backend.zeros(x.dtype(), x.rows(), y.rows());
    Matrix ntk = backend.zeros(x.dtype(), x.rows(), y.rows());
    backend.gemm(NO, YES, inputScale * inputScale, x, y, 0, nngp);
    backend.tiles(Math.ceilDiv(x.rows(), ROWS_PER_TILE), 0, (tile, _) -> {
      long from = tile * ROWS_PER_TILE;
      long count = Math.min(ROWS_PER_TILE, x.rows() - from);
      rows(dual, (int) from, xVariances, yVariances, x == y, nngp.rowRange(from, count), ntk.rowRange(from, count));
    });
    if (x == y) {
      backend.mirror(Triangle.UPPER, ntk);
      backend.mirror(Triangle.UPPER, nngp);
    }
    return new Kernels(ntk, nngp);
  }

  /**
   * Runs the recursion entry by entry: given the variances, no entry depends on another. Of a symmetric kernel only the
   * entries on and above the diagonal are computed.
   */
  private void rows(DualActivation dual, int from, double[][] rowVariances, double[][] colVariances, boolean symmetric,
      Matrix covariances, Matrix tangents) {
    int cols = (int) covariances.cols();
    double[] s = covariances.toArray();
    var t = new double[s.length];
    for (int at = 0; at < s.length; at++) {
      int i = from + at / cols;
      int j = at % cols;
      if (symmetric && j < i) {
        continue;
      }
      // On the diagonal the covariance is the variance, to the last bit.
      double c = symmetric && i == j ? rowVariances[0][i] : s[at] + biasVariance;
      double tangent = c;
      for (int layer = 0; layer < layers - 1; layer++) {
        double a = rowVariances[layer][i];
        double b = colVariances[layer][j];
        tangent *= dual.derivative(a, b, c);
        c = dual.kernel(a, b, c) + biasVariance;
        tangent += c;
      }
      s[at] = c;
      t[at] = tangent;
    }
    covariances.copyFrom(s);
    tangents.copyFrom(t);
  }

  /** The variance of every input at every layer, [layer][sample]. */
  private double[][] variances(Backend backend, Matrix x, DualActivation dual) {
    int samples = Math.toIntExact(x.rows());
    var variances = new double[layers][];
    try (Matrix squares = backend.zeros(x.dtype(), samples, 1)) {
      backend.rowDots(x, x, squares);
      variances[0] = squares.toArray();
    }
    for (int i = 0; i < samples; i++) {
      variances[0][i] = inputScale * inputScale * variances[0][i] + biasVariance;
    }
    for (int layer = 1; layer < layers; layer++) {
      variances[layer] = new double[samples];
      for (int i = 0; i < samples; i++) {
        double a = variances[layer - 1][i];
        variances[layer][i] = dual.kernel(a, a, a) + biasVariance;
      }
    }
    return variances;
  }
}
