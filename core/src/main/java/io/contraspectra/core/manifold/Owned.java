package io.contraspectra.core.manifold;

import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.EigenPairs;
import java.util.ArrayDeque;
import java.util.Deque;

/** What an object has allocated so far, so that a constructor that fails half-way leaves nothing open. */
final class Owned implements AutoCloseable {

  private final Deque<Runnable> closers = new ArrayDeque<>();

  Matrix matrix(Matrix matrix) {
    closers.push(matrix::close);
    return matrix;
  }

  EigenPairs pairs(EigenPairs pairs) {
    closers.push(pairs::close);
    return pairs;
  }

  DiagonalFlow flow(DiagonalFlow flow) {
    closers.push(flow::close);
    return flow;
  }

  /** Closes everything, the youngest first. */
  @Override
  public void close() {
    closers.forEach(Runnable::run);
    closers.clear();
  }
}
