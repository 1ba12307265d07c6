package io.contraspectra.core.optimize;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Rules that move every parameter by its own gradient and its own memory of earlier ones. Works through the parameters
 * in pieces that stay in cache, so that each of its vectors is read and written once a step.
 */
final class FirstOrder implements Optimizer {

  // Four vectors of this length fit into a second-level cache.
  private static final long PIECE = 1 << 14;

  private final Backend backend;
  private final Rule rule;
  private final Workspace workspace;
  private final List<Matrix> memories = new ArrayList<>();
  private long steps;

  /** What happens to one piece of the parameters. */
  interface Rule {

    /** Vectors of theta's shape that the rule remembers. */
    int memories();

    /**
     * Moves a piece.
     *
     * @param gradient may be overwritten
     * @param memories the piece's part of every vector
     * @param step number of this step, from 1
     */
    void move(Backend backend, Matrix theta, Matrix gradient, List<Matrix> memories, double stepSize, long step);
  }

  FirstOrder(Backend backend, Matrix theta, Rule rule) {
    this.backend = backend;
    this.rule = rule;
    this.workspace = backend.workspace(rule.memories() * Workspace.bytes(theta.dtype(), 1, theta.size()));
    for (int i = 0; i < rule.memories(); i++) {
      Matrix memory = workspace.matrix(theta.dtype(), 1, theta.size());
      backend.fill(0, memory);
      memories.add(memory);
    }
  }

  @Override
  public OptionalDouble step(Objective objective, Matrix theta, double value, Matrix gradient, double stepSize) {
    steps++;
    Matrix point = theta.reshape(1, theta.size());
    Matrix slope = gradient.reshape(1, gradient.size());
    backend.tiles(Math.ceilDiv(point.cols(), PIECE), 0, (tile, _) -> {
      long from = tile * PIECE;
      long length = Math.min(PIECE, point.cols() - from);
      rule.move(backend, point.block(0, from, 1, length), slope.block(0, from, 1, length),
          memories.stream().map(memory -> memory.block(0, from, 1, length)).toList(), stepSize, steps);
    });
    return OptionalDouble.empty();
  }

  @Override
  public List<Matrix> state() {
    return List.copyOf(memories);
  }

  @Override
  public long[] counters() {
    return new long[] {steps};
  }

  @Override
  public void restore(long[] counters) {
    if (counters.length != 1 || counters[0] < 0) {
      throw new InvalidArgument("optimizer: no state of this rule; it needs the number of steps");
    }
    steps = counters[0];
  }

  @Override
  public void close() {
    workspace.close();
  }
}
