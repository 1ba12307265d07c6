package io.contraspectra.core.training;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.loss.Loss;
import io.contraspectra.core.loss.LossEvaluation;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Parameters;
import io.contraspectra.core.network.Propagation;

/**
 * Full-batch gradient descent of a contrastive loss on N samples:
 * {@code theta ← theta − eta grad L(theta)}, all layers' gradients taken at the same point (ntk.md 1).
 *
 * <p>Works on the caller's network in place and allocates nothing after construction. One thread, one descent; close
 * it.
 */
public final class GradientDescent implements AutoCloseable {

  /** Outputs beyond this count as a diverged run: their products would leave the range of doubles soon after. */
  public static final double DIVERGED = 1e100;

  private final Network network;
  private final Matrix inputs;
  private final double stepSize;
  private final Propagation batch;
  private final LossEvaluation loss;
  private final Matrix cotangent;
  private final Parameters gradient;
  private final Matrix moved;
  private boolean evaluated;

  /**
   * Prepares a descent.
   *
   * @param network trained in place; stays the caller's to close
   * @param loss the loss to descend
   * @param inputs (blocks·N) x d: the inputs of the loss's blocks one below the other, e.g. of the anchors, then of the
   *     positives, then of the negatives; kept by reference
   * @param stepSize eta, positive and finite; independent of the width in the NTK parameterisation
   * @param trained which layers move
   */
  public GradientDescent(Network network, Loss loss, Matrix inputs, double stepSize, TrainedLayers trained) {
    if (!(stepSize > 0) || Double.isInfinite(stepSize)) {
      throw new InvalidArgument("learning rate is " + stepSize + "; it must be positive and finite");
    }
    if (inputs.rows() == 0 || inputs.rows() % loss.blocks() != 0) {
      throw new ShapeMismatch(loss.name() + ": " + inputs.describe("X") + " must hold the inputs of "
          + loss.blocks() + " blocks (" + String.join(", ", loss.style().arrays()) + ") of equal size, so a positive"
          + " multiple of " + loss.blocks() + " rows");
    }
    var architecture = network.architecture();
    this.network = network;
    this.inputs = inputs;
    this.stepSize = stepSize;
    this.loss = loss.evaluation(
        backend(), network.dtype(), inputs.rows() / loss.blocks(), architecture.outputs());
    this.batch = new Propagation(network, inputs.rows());
    this.cotangent = backend().zeros(network.dtype(), inputs.rows(), architecture.outputs());
    this.gradient = new Parameters(architecture, backend().zeros(network.dtype(), 1, architecture.parameters()));
    long count = trained.parameters(architecture);
    this.moved = network.parameters().flat().block(0, 0, 1, count);
  }

  /**
   * Runs the inputs forward and evaluates the loss at the present parameters.
   *
   * @return the loss; not finite where the run has {@link #hasDiverged() diverged}
   */
  public double evaluate() {
    Matrix f = batch.forward(inputs);
    evaluated = true;
    if (hasDiverged()) {
      return Double.NaN;
    }
    return loss.evaluate(f, cotangent);
  }

  /** Whether the outputs of the last {@link #evaluate()} are beyond {@link #DIVERGED} or not finite. */
  public boolean hasDiverged() {
    return !(backend().maxAbs(batch.output()) <= DIVERGED);
  }

  /** Moves the parameters one step along the gradient of the last {@link #evaluate()}. */
  public void update() {
    backend().add(-stepSize, gradient().flat().block(0, 0, 1, moved.cols()), 1, moved);
    evaluated = false;
  }

  /** The gradient at the point of the last {@link #evaluate()}; a buffer that the next step overwrites. */
  public Parameters gradient() {
    if (!evaluated) {
      throw new InvalidArgument("gradient: call evaluate first, the parameters have moved since");
    }
    batch.gradient(cotangent, gradient);
    return gradient;
  }

  /**
   * Evaluates, then moves unless the run has diverged.
   *
   * @return the loss before the step
   */
  public double step() {
    double value = evaluate();
    if (!hasDiverged()) {
      update();
    }
    return value;
  }

  /** f of the last {@link #evaluate()}, (blocks·N) x K: a view that the next step overwrites. */
  public Matrix outputs() {
    return batch.output();
  }

  /** dL/df of the last {@link #evaluate()}, (blocks·N) x K: a view that the next step overwrites. */
  public Matrix outputGradient() {
    return cotangent;
  }

  /** How many output rows of the last {@link #evaluate()} had no direction; 0 for dot losses. */
  public long zeroRows() {
    return loss.zeroRows();
  }

  @Override
  public void close() {
    gradient.flat().close();
    cotangent.close();
    batch.close();
    loss.close();
  }

  private Backend backend() {
    return network.backend();
  }
}
