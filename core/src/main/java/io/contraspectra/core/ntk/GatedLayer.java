package io.contraspectra.core.ntk;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import java.util.Arrays;

/**
 * The layer under the readout of a ReLU network, and the readout, in products of the trace kernel with vectors. There
 * {@code phi'(z)} is a bit g_nm, and {@code phi(z) = g z}: with l = L-1, {@code a = a^(l-1)},
 * {@code z_nm = s_l w_m · a_n + beta b_m} and {@code rho_m = s_L² Σ_k W_km² / K}, both parts of the product with u come
 * from the same sums over samples, {@code C_m = Σ_n g_nm u_n a_n} and {@code c_m = Σ_n g_nm u_n}:
 *
 * <p>{@code y_n = Σ_m g_nm (s_l² rho_m a_n · C_m + beta² rho_m c_m) + s_L² Σ_m g_nm z_nm h_m}, where
 * {@code h_m = Σ_n g_nm z_nm u_n = s_l w_m · C_m + beta b_m c_m}.
 *
 * <p>So {@code y_n = a_n · Σ_m g_nm E_m + Σ_m g_nm e_m} with {@code E = s_l² rho C + s_L² s_l h w} and
 * {@code e = beta² rho c + s_L² beta h b}: two products with a matrix of bits, and no activations under the readout.
 *
 * <p>The sums of b vectors lie side by side, first all C, then all c if there are biases.
 */
final class GatedLayer {

  // Rows enough to use the tables of chosen sums often, and some left for other threads.
  private static final long TILES = 4;
  private static final long MIN_ROWS = 128;
  private static final long MAX_ROWS = 1024;

  private final Network network;
  private final Backend backend;
  private final Architecture architecture;
  private final double[] rho;

  GatedLayer(Network network) {
    this.network = network;
    this.backend = network.backend();
    this.architecture = network.architecture();
    this.rho = InputSignals.rootMeanSquares(network);
    for (int m = 0; m < rho.length; m++) {
      rho[m] *= rho[m];
    }
  }

  /** Whether the layer under the readout of a network is one. */
  static boolean in(Architecture architecture) {
    return architecture.activation() == Activation.RELU && architecture.layers() > 1;
  }

  /** Columns of the sums of one vector. */
  static long cols(Architecture architecture) {
    return architecture.width(architecture.layers() - 2) + (architecture.biased() ? 1 : 0);
  }

  /** How many of the units' sums one tile forms. */
  static long rowsPerTile(long units) {
    return Math.clamp(Math.ceilDiv(units, TILES), MIN_ROWS, MAX_ROWS);
  }

  /** Bytes of {@link #combine} in one tile. */
  static long combineBytes(Network network) {
    Architecture architecture = network.architecture();
    long height = Math.min(architecture.width(architecture.layers() - 1),
        rowsPerTile(architecture.width(architecture.layers() - 1)));
    return Workspace.bytes(network.dtype(), height, architecture.width(architecture.layers() - 2))
        + 3 * Workspace.bytes(network.dtype(), height, 1);
  }

  /**
   * Adds what some samples contribute to the sums of some units.
   *
   * @param x b x count, the vectors' entries of these samples
   * @param a count x n_(l-1), activations below
   * @param gates count x units, zeros and ones
   * @param sums units x b {@link #cols}
   */
  void contract(Matrix x, Matrix a, Matrix gates, Matrix sums, Workspace workspace) {
    long width = a.cols();
    Matrix scaled = workspace.matrix(network.dtype(), a.rows(), sums.cols());
    for (long v = 0; v < x.rows(); v++) {
      Matrix column = x.rowRange(v, 1).reshape(a.rows(), 1);
      backend.multiplyColumn(column, a, scaled.block(0, v * width, a.rows(), width));
      if (architecture.biased()) {
        backend.copy(column, scaled.block(0, x.rows() * width + v, a.rows(), 1));
      }
    }
    backend.bitGemm(YES, gates, scaled, 1, sums);
  }

  /**
   * Turns the sums C and c of some units into E and e.
   *
   * @param sums of all units
   * @param vectors b
   */
  void combine(Matrix sums, long vectors, long from, long end, Workspace workspace) {
    int layer = architecture.layers() - 1;
    long width = architecture.width(layer - 1);
    long units = end - from;
    double scale = architecture.scale(layer);
    Matrix weights = network.parameters().weight(layer).rowRange(from, units);
    Matrix shares = workspace.matrix(network.dtype(), units, 1);
    shares.copyFrom(Arrays.copyOfRange(rho, (int) from, (int) end));
    Matrix outer = workspace.matrix(network.dtype(), units, width);
    Matrix dots = workspace.matrix(network.dtype(), units, 1);
    Matrix product = workspace.matrix(network.dtype(), units, 1);
    for (long v = 0; v < vectors; v++) {
      Matrix sum = sums.block(from, v * width, units, width);
      backend.rowDots(weights, sum, dots);
      backend.scale(readout() * scale, dots);
      if (architecture.biased()) {
        combineBiases(sums.block(from, vectors * width + v, units, 1), bias(layer, from, units), shares, dots, product);
      }
      backend.multiplyColumn(shares, sum, sum);
      backend.multiplyColumn(dots, weights, outer);
      backend.add(scale, outer, scale * scale, sum);
    }
  }

  /** Completes {@code s_L² h} in {@code dots}, and turns c into e. */
  private void combineBiases(Matrix sum, Matrix bias, Matrix shares, Matrix dots, Matrix product) {
    double beta = architecture.biasScale();
    backend.multiply(bias, sum, product);
    backend.add(readout() * beta, product, 1, dots);
    backend.multiply(shares, sum, product);
    backend.add(beta * beta, product, 0, sum);
    backend.multiply(bias, dots, product);
    backend.add(beta, product, 1, sum);
  }

  /** {@code y_n += a_n · Σ_m g_nm E_m + Σ_m g_nm e_m} for some samples. */
  void expand(Matrix combined, Matrix a, Matrix gates, Matrix y, Workspace workspace) {
    long width = a.cols();
    Matrix image = workspace.matrix(network.dtype(), a.rows(), combined.cols());
    Matrix column = workspace.matrix(network.dtype(), a.rows(), 1);
    backend.bitGemm(NO, gates, combined, 0, image);
    for (long v = 0; v < y.rows(); v++) {
      Matrix sum = y.rowRange(v, 1).reshape(a.rows(), 1);
      backend.rowDots(a, image.block(0, v * width, a.rows(), width), column);
      backend.add(1, column, 1, sum);
      if (architecture.biased()) {
        backend.add(1, image.block(0, y.rows() * width + v, a.rows(), 1), 1, sum);
      }
    }
  }

  private Matrix bias(int layer, long from, long units) {
    return network.parameters().bias(layer).block(0, from, 1, units).reshape(units, 1);
  }

  /** s_L². */
  private double readout() {
    double scale = architecture.scale(architecture.layers());
    return scale * scale;
  }
}
