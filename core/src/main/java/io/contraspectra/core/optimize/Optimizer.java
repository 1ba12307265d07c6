package io.contraspectra.core.optimize;

import io.contraspectra.core.matrix.Matrix;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A rule that moves parameters downhill. Holds its state in buffers allocated once; one thread, one run; close it.
 *
 * <p>A run can be interrupted and continued to the same bits: {@link #state()} and {@link #counters()} are all that a
 * rule remembers.
 */
public interface Optimizer extends AutoCloseable {

  /**
   * Moves theta once.
   *
   * @param objective evaluated by rules that look before they step; others ignore it
   * @param theta the point, moved in place
   * @param value the objective at theta
   * @param gradient the gradient at theta; may be overwritten
   * @param stepSize the step size of this step, positive
   * @return the objective at the new point if the rule knows it, and {@code gradient} is then the gradient there; empty
   *     otherwise
   */
  OptionalDouble step(Objective objective, Matrix theta, double value, Matrix gradient, double stepSize);

  /** The matrices that the rule remembers: the buffers themselves, always the same ones in the same order. */
  List<Matrix> state();

  /** The numbers that the rule remembers. */
  long[] counters();

  /**
   * Goes back to an earlier moment, once the earlier content of {@link #state()} has been copied into those buffers.
   *
   * @param counters what {@link #counters()} said at that moment
   */
  void restore(long[] counters);

  @Override
  void close();
}
