package io.contraspectra.core.jacobian;

import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Parameters;
import io.contraspectra.core.network.Propagation;
import org.jspecify.annotations.Nullable;

/**
 * The Jacobian J of a network at a batch of N inputs, NK x P, as an operator: its products with vectors cost a pass
 * through the network each and never form it. Vectors are rows: a vector of N·K numbers has output k at sample n at
 * {@code n*K + k}, a vector of P numbers is in the order of the parameters.
 *
 * <p>Holds for the parameters and inputs at construction, as long as nobody writes them. One thread at a time; close
 * it.
 */
public final class Jacobian implements AutoCloseable {

  private final Network network;
  private final Propagation batch;
  private final long samples;
  // Made when a product first asks for them: J itself takes neither.
  private @Nullable Tangent tangent;
  private @Nullable Matrix gradient;

  /**
   * Runs the inputs forward.
   *
   * @param x N x d inputs, kept by reference
   */
  public Jacobian(Network network, Matrix x) {
    this.network = network;
    this.samples = x.rows();
    this.batch = new Propagation(network, samples);
    try {
      batch.forward(x);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  /** Bytes that the Jacobian of N samples takes beside J itself, the inputs and parameters. */
  public static long bytes(Network network, long samples) {
    return Propagation.workspaceBytes(network, samples) + Tangent.bytes(network, samples)
        + Matrix.bytes(network.dtype(), 1, network.architecture().parameters())
        + network.backend().concurrency() * OuterProducts.blockBytes(network, samples);
  }

  /** N·K. */
  public long rows() {
    return samples * network.architecture().outputs();
  }

  /** P. */
  public long cols() {
    return network.architecture().parameters();
  }

  /**
   * Writes J itself.
   *
   * @param jacobian NK x P, overwritten
   */
  public void into(Matrix jacobian) {
    require("into: J", jacobian, rows(), cols());
    new OuterProducts(network, batch, samples).into(jacobian);
  }

  /**
   * The Jacobian-vector products {@code Y = T Jᵀ}: how all outputs change along each direction.
   *
   * @param directions T, V x P
   * @param changes Y, V x NK, overwritten
   */
  public void jvp(Matrix directions, Matrix changes) {
    require("jvp: T", directions, changes.rows(), cols());
    require("jvp: Y", changes, directions.rows(), rows());
    if (tangent == null) {
      tangent = new Tangent(network, batch, samples);
    }
    for (long v = 0; v < directions.rows(); v++) {
      tangent.along(parameters(directions.rowRange(v, 1)), outputs(changes.rowRange(v, 1)));
    }
  }

  /**
   * The vector-Jacobian products {@code T = Y J}: the gradient of each weighted sum of outputs.
   *
   * @param cotangents Y, V x NK
   * @param gradients T, V x P, overwritten
   */
  public void vjp(Matrix cotangents, Matrix gradients) {
    require("vjp: Y", cotangents, gradients.rows(), rows());
    require("vjp: T", gradients, cotangents.rows(), cols());
    for (long v = 0; v < cotangents.rows(); v++) {
      batch.gradient(outputs(cotangents.rowRange(v, 1)), parameters(gradients.rowRange(v, 1)));
    }
  }

  /**
   * The products {@code Z = Y J Jᵀ} of the full NTK with vectors, one backward and one forward pass each.
   *
   * @param vectors Y, V x NK
   * @param products Z, V x NK, overwritten
   */
  public void ntkProduct(Matrix vectors, Matrix products) {
    require("ntkProduct: Y", vectors, products.rows(), rows());
    require("ntkProduct: Z", products, vectors.rows(), rows());
    if (gradient == null) {
      gradient = network.backend().zeros(network.dtype(), 1, network.architecture().parameters());
    }
    for (long v = 0; v < vectors.rows(); v++) {
      vjp(vectors.rowRange(v, 1), gradient);
      jvp(gradient, products.rowRange(v, 1));
    }
  }

  private Parameters parameters(Matrix row) {
    return new Parameters(network.architecture(), row);
  }

  private Matrix outputs(Matrix row) {
    return row.reshape(samples, network.architecture().outputs());
  }

  private static void require(String operand, Matrix matrix, long rows, long cols) {
    if (matrix.rows() != rows || matrix.cols() != cols) {
      throw new ShapeMismatch(matrix.describe(operand) + " must be " + rows + "x" + cols);
    }
  }

  @Override
  public void close() {
    if (gradient != null) {
      gradient.close();
    }
    if (tangent != null) {
      tangent.close();
    }
    batch.close();
  }
}
