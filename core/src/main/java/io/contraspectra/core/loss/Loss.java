package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;

/**
 * A loss of embeddings, with its constants. Immutable; every loss of the house is found in {@link Losses}.
 *
 * <p>Embeddings come as one matrix of blocks of N rows, one below the other: anchors, positives and negatives for
 * triplets, two views, or a single block with a graph over its rows; see {@link #style()}.
 */
public interface Loss {

  /** The name in files and on the command line, e.g. {@code cos-infonce}. */
  String name();

  /** What the rows mean, and which arrays beside the embeddings the loss may take. */
  LossStyle style();

  /** Blocks of N rows that the embeddings consist of. */
  default int blocks() {
    return style().blocks();
  }

  /**
   * Bytes of the buffers that an evaluation allocates, side arrays not counted.
   *
   * @param samples N, rows of a block
   * @param outputs K, dimension of the embeddings
   */
  long workspaceBytes(DType dtype, long samples, long outputs);

  /**
   * Prepares the evaluation on blocks of N embeddings of K dimensions; the result allocates nothing when it runs.
   *
   * @param arrays what the loss needs beside the embeddings; kept by reference, so that their content may change from
   *     one evaluation to the next
   * @throws io.contraspectra.core.matrix.InvalidArgument if the sizes make no sense for this loss, or an array that it
   *     needs is missing
   * @throws io.contraspectra.core.matrix.ShapeMismatch if an array has another shape or element type
   */
  LossEvaluation evaluation(Backend backend, DType dtype, long samples, long outputs, SideArrays arrays);

  /** As above, for a loss that needs nothing beside the embeddings. */
  default LossEvaluation evaluation(Backend backend, DType dtype, long samples, long outputs) {
    return evaluation(backend, dtype, samples, outputs, SideArrays.NONE);
  }
}
