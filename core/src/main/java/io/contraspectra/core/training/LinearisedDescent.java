package io.contraspectra.core.training;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.loss.Loss;
import io.contraspectra.core.loss.LossEvaluation;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;

/**
 * Gradient descent of the network's linearisation: {@code f ← f − eta Theta_0 dL/df(f)} on the points of the
 * loss's blocks, with the kernel frozen at its start (ntk.md 3a). What a network does while its kernel stays constant.
 *
 * <p>Owns its outputs, not the kernel; one thread; close it.
 */
public final class LinearisedDescent implements AutoCloseable {

  private final Backend backend;
  private final Matrix kernel;
  private final double stepSize;
  private final Matrix outputs;
  private final Matrix gradient;
  private final LossEvaluation loss;

  /**
   * Starts from the network's own outputs.
   *
   * @param kernel Theta_0, over all rows of f, row {@code n*K + k}
   * @param start f_0, (blocks·N) x K: the loss's blocks one below the other; copied
   * @param stepSize eta
   */
  public LinearisedDescent(Backend backend, Matrix kernel, Matrix start, Loss loss, double stepSize) {
    if (kernel.rows() != start.size() || kernel.cols() != start.size() || start.rows() % loss.blocks() != 0) {
      throw new ShapeMismatch("linearised descent: " + kernel.describe("Theta") + " and " + start.describe("f")
          + ": f must have a multiple of " + loss.blocks() + " rows, Theta as many rows and columns as f has elements");
    }
    this.backend = backend;
    this.kernel = kernel;
    this.stepSize = stepSize;
    this.outputs = backend.copyOf(start, start.dtype());
    this.gradient = backend.zeros(start.dtype(), start.rows(), start.cols());
    this.loss = loss.evaluation(backend, start.dtype(), start.rows() / loss.blocks(), start.cols());
  }

  /**
   * One step.
   *
   * @return the loss before the step
   */
  public double step() {
    double value = loss.evaluate(outputs, gradient);
    backend.gemm(NO, NO, -stepSize, kernel, vector(gradient), 1, vector(outputs));
    return value;
  }

  /** f now, (blocks·N) x K. */
  public Matrix outputs() {
    return outputs;
  }

  @Override
  public void close() {
    loss.close();
    gradient.close();
    outputs.close();
  }

  // Row-major flattening is the kernel's own index order n*K + k.
  private static Matrix vector(Matrix m) {
    return m.reshape(m.size(), 1);
  }
}
