package io.contraspectra.core.loss;

import io.contraspectra.core.matrix.Matrix;
import java.util.Optional;

/**
 * Value and gradient of one {@link Loss} for one shape of embeddings, in buffers allocated once. One thread, one
 * evaluation; close it.
 */
public interface LossEvaluation extends AutoCloseable {

  /**
   * The loss and its gradient with respect to every embedding.
   *
   * @param embeddings (blocks·N) x K, the blocks of the loss one below the other
   * @param gradient overwritten with dL/d(embeddings), of the same shape
   * @return the loss
   * @throws io.contraspectra.core.matrix.NonFinite if an embedding is NaN or infinite, with the block and its position
   * @throws io.contraspectra.core.matrix.ShapeMismatch for any other shape or element type
   */
  double evaluate(Matrix embeddings, Matrix gradient);

  /** How many rows of the last evaluation had no direction to divide by; 0 for losses that do not normalise rows. */
  long zeroRows();

  /** The loss's own trainable parameters, such as SimSiam's predictor; a trainer moves them with the network's. */
  default Optional<Matrix> parameters() {
    return Optional.empty();
  }

  /** dL/d(parameters) of the last evaluation, where there are {@link #parameters()}; the next one overwrites it. */
  default Optional<Matrix> parameterGradient() {
    return Optional.empty();
  }

  @Override
  void close();
}
