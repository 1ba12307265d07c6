package io.contraspectra.core.training;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.loss.TripletEvaluation;
import io.contraspectra.core.loss.TripletLoss;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;

/**
 * Gradient descent of the network's linearisation: {@code f ← f − eta Theta_0 dL/df(f)} on the 3N points of the
 * triplets, with the kernel frozen at its start (ntk.md 3a). What a network does while its kernel stays constant.
 *
 * <p>Owns its outputs, not the kernel; one thread; close it.
 */
public final class LinearisedDescent implements AutoCloseable {

  private final Backend backend;
  private final Matrix kernel;
  private final double stepSize;
  private final long samples;
  private final Matrix outputs;
  private final Matrix gradient;
  private final TripletEvaluation loss;

  /**
   * Starts from the network's own outputs.
   *
   * @param kernel Theta_0, 3NK x 3NK, row {@code n*K + k}
   * @param start f_0, 3N x K: rows of the anchors, the positives, the negatives; copied
   * @param stepSize eta
   */
  public LinearisedDescent(Backend backend, Matrix kernel, Matrix start, TripletLoss loss, double stepSize) {
    if (kernel.rows() != start.size() || kernel.cols() != start.size() || start.rows() % 3 != 0) {
      throw new ShapeMismatch("linearised descent: " + kernel.describe("Theta") + " and " + start.describe("f")
          + ": f must have 3N rows, Theta as many rows and columns as f has elements");
    }
    this.backend = backend;
    this.kernel = kernel;
    this.stepSize = stepSize;
    this.samples = start.rows() / 3;
    this.outputs = backend.copyOf(start, start.dtype());
    this.gradient = backend.zeros(start.dtype(), start.rows(), start.cols());
    this.loss = loss.evaluation(backend, start.dtype(), samples, start.cols());
  }

  /**
   * One step.
   *
   * @return the loss before the step
   */
  public double step() {
    double value = loss.evaluate(part(outputs, 0), part(outputs, 1), part(outputs, 2),
        part(gradient, 0), part(gradient, 1), part(gradient, 2));
    backend.gemm(NO, NO, -stepSize, kernel, vector(gradient), 1, vector(outputs));
    return value;
  }

  /** f now, 3N x K. */
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

  private Matrix part(Matrix stacked, int which) {
    return stacked.rowRange(which * samples, samples);
  }
}
