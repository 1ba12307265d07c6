package io.contraspectra.core.training;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.loss.SideArray;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.matrix.Matrix;
import java.util.Optional;

/**
 * NNCLR's support set while a network is trained: after every step the embeddings of the first view take the place of
 * the oldest rows (Dwibedi et al. 2021, algorithm 1). Which rows these are depends on the step alone.
 */
final class SupportQueue {

  private final Backend backend;
  private final Matrix rows;

  private SupportQueue(Backend backend, Matrix rows) {
    this.backend = backend;
    this.rows = rows;
  }

  /** The queue among the arrays of a loss, if it has one; kept by reference and moved in place. */
  static Optional<SupportQueue> of(Backend backend, SideArrays arrays) {
    return arrays.find(SideArray.QUEUE).map(rows -> new SupportQueue(backend, rows));
  }

  /** Takes in the embeddings (N x K) of a step; of more than the queue holds, the last ones. */
  void push(long step, Matrix embeddings) {
    long size = rows.rows();
    long count = Math.min(embeddings.rows(), size);
    long skipped = embeddings.rows() - count;
    // All rows of all earlier steps have gone in before, one after the other, around and around.
    long slot = (step % size * (embeddings.rows() % size) + skipped) % size;
    long before = Math.min(count, size - slot);
    backend.copy(embeddings.rowRange(skipped, before), rows.rowRange(slot, before));
    if (before < count) {
      backend.copy(embeddings.rowRange(skipped + before, count - before), rows.rowRange(0, count - before));
    }
  }

  Matrix rows() {
    return rows;
  }
}
