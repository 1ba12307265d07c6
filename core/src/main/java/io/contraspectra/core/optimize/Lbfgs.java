package io.contraspectra.core.optimize;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.optimize.StrongWolfe.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Limited-memory BFGS: the direction {@code −H g} with H built by the two-loop recursion from the last few changes of
 * point and gradient (Nocedal and Wright, algorithm 7.4), along which a line search meets the strong Wolfe conditions.
 * For functions that do not change between calls; a run on changing batches needs a first-order rule.
 */
public final class Lbfgs implements Optimizer {

  /** Pairs kept unless told otherwise. */
  public static final int MEMORY = 10;

  // A pair of less curvature than this would make H meaningless.
  private static final double LEAST_CURVATURE = 1e-12;

  // Relative error of values: objectives are sums, and may be the small difference of terms of several hundred ulp.
  private static final double ROUNDING = 1e-13;
  private static final double SINGLE_ROUNDING = 2e-7;

  // Evaluations without a smaller value or gradient after which both are rounding. Before that, curvatures may be wrong
  // by orders of magnitude where the function is flat: steps then grow by less than 2 from one to the next, with values
  // that are all rounding and gradients that rise. At the end of all digits a line search takes many evaluations.
  private static final int PATIENCE = 50;

  private final Backend backend;
  private final int memory;
  private final double terms;
  private final Workspace workspace;
  private final List<Matrix> moves = new ArrayList<>();
  private final List<Matrix> turns = new ArrayList<>();
  private final double[] inverseCurvatures;
  private final double[] weights;
  private final Matrix direction;
  private final Matrix origin;
  private final Matrix originGradient;
  private int pairs;
  private long steps;
  private int evaluations;

  /**
   * When to stop.
   *
   * @param gradient the largest |component| of the gradient that counts as converged, at least 0
   * @param decrease the relative decrease of the value in one iteration that counts as none, at least 0; with 0 it ends
   *     when several iterations have made neither value nor gradient smaller than ever
   * @param iterations the most iterations, at least 0
   */
  public record Stop(double gradient, double decrease, int iterations) {

    public Stop {
      if (!(gradient >= 0) || !(decrease >= 0) || iterations < 0) {
        throw new InvalidArgument("stop at gradient " + gradient + ", decrease " + decrease + ", " + iterations
            + " iterations: none may be negative");
      }
    }

    /** Until the gradient is at most this, or nothing moves any more; 1000 iterations at most. */
    public static Stop at(double gradient) {
      return new Stop(gradient, 0, 1000);
    }
  }

  /**
   * How a minimisation ended.
   *
   * @param value the objective at the last point
   * @param gradient the largest |component| of the gradient there
   * @param iterations iterations taken
   * @param evaluations evaluations of the objective
   * @param converged whether the gradient is as small as was asked for
   */
  public record Result(double value, double gradient, int iterations, int evaluations, boolean converged) {}

  /**
   * For objectives whose values are rounded relative to their own size.
   *
   * @see #Lbfgs(Backend, Matrix, int, double)
   */
  public Lbfgs(Backend backend, Matrix theta, int memory) {
    this(backend, theta, memory, 0);
  }

  /**
   * Allocates the buffers: {@code 2 memory + 3} matrices of theta's shape.
   *
   * @param theta a matrix of the shape and type of the parameters; contiguous
   * @param memory pairs kept, at least 1
   * @param terms the size of the terms that values are sums of, at least 0: where they cancel, it and not the value says
   *     how large rounding is, and from which decrease on slopes decide instead of values
   */
  public Lbfgs(Backend backend, Matrix theta, int memory, double terms) {
    if (memory < 1) {
      throw new InvalidArgument("lbfgs: a memory of " + memory + " pairs; at least 1 is needed");
    }
    if (!(terms >= 0) || Double.isInfinite(terms)) {
      throw new InvalidArgument("lbfgs: values as sums of terms of size " + terms + "; give a number of at least 0");
    }
    this.backend = backend;
    this.memory = memory;
    this.terms = terms;
    this.workspace = backend.workspace(
        (2L * memory + 3) * Workspace.bytes(theta.dtype(), theta.rows(), theta.cols()));
    for (int i = 0; i < memory; i++) {
      moves.add(like(theta));
      turns.add(like(theta));
    }
    this.inverseCurvatures = new double[memory];
    this.weights = new double[memory];
    this.direction = like(theta);
    this.origin = like(theta);
    this.originGradient = like(theta);
  }

  /**
   * Minimises from theta on, forgetting whatever was learnt before.
   *
   * @param theta the start, and at the end the point reached
   */
  public Result minimise(Objective objective, Matrix theta, Stop stop) {
    try (Matrix gradient = backend.zeros(theta.dtype(), theta.rows(), theta.cols())) {
      pairs = 0;
      evaluations = 1;
      double value = objective.evaluate(theta, gradient);
      double largest = backend.maxAbs(gradient);
      double lowest = value;
      double least = largest;
      int iteration = 0;
      int patience = evaluations + PATIENCE;
      while (evaluations < patience && iteration < stop.iterations() && !(largest <= stop.gradient())) {
        double before = value;
        OptionalDouble after = step(objective, theta, value, gradient, 1);
        value = after.orElse(before);
        largest = backend.maxAbs(gradient);
        if (after.isEmpty() || stop.decrease() > 0 && before - value < stop.decrease() * Math.abs(before)) {
          patience = 0;
        } else if (value < lowest || largest < least) {
          patience = evaluations + PATIENCE;
        }
        lowest = Math.min(lowest, value);
        least = Math.min(least, largest);
        iteration++;
      }
      return new Result(value, largest, iteration, evaluations, largest <= stop.gradient());
    }
  }

  /**
   * One iteration. Where not even a fresh start along the gradient gets lower, theta stays where it is.
   *
   * @param stepSize factor of the first trial step; 1 is the rule's own choice
   * @return the value at the new point; empty where there is none
   */
  @Override
  public OptionalDouble step(Objective objective, Matrix theta, double value, Matrix gradient, double stepSize) {
    requireShape(theta);
    requireShape(gradient);
    backend.copy(theta, origin);
    backend.copy(gradient, originGradient);
    Point found = descend(objective, theta, value, gradient, stepSize);
    if (found == null && pairs > 0) {
      pairs = 0;
      found = descend(objective, theta, value, gradient, stepSize);
    }
    if (found == null) {
      backend.copy(origin, theta);
      backend.copy(originGradient, gradient);
      return OptionalDouble.empty();
    }
    remember(theta, gradient);
    return OptionalDouble.of(found.value());
  }

  private @Nullable Point descend(
      Objective objective, Matrix theta, double value, Matrix gradient, double stepSize) {
    direct();
    double slope = backend.dot(direction, originGradient);
    if (!(slope < 0)) {
      return null;
    }
    // Without curvature to go by, the first step has length 1 at most.
    double first = stepSize * (pairs > 0 ? 1 : Math.min(1, 1 / backend.norm(direction)));
    double rounding = theta.dtype() == DType.F64 ? ROUNDING : SINGLE_ROUNDING;
    return StrongWolfe.search(a -> {
      backend.copy(origin, theta);
      backend.add(a, direction, 1, theta);
      evaluations++;
      double at = objective.evaluate(theta, gradient);
      return new Point(a, at, Double.isFinite(at) ? backend.dot(direction, gradient) : Double.NaN);
    }, new Point(0, value, slope), first, rounding * Math.max(terms, Math.abs(value)));
  }

  /** {@code direction = −H g}. */
  private void direct() {
    backend.add(-1, originGradient, 0, direction);
    for (int back = 1; back <= pairs; back++) {
      int i = pair(back);
      weights[i] = inverseCurvatures[i] * backend.dot(moves.get(i), direction);
      backend.add(-weights[i], turns.get(i), 1, direction);
    }
    if (pairs > 0) {
      int newest = pair(1);
      Matrix turn = turns.get(newest);
      backend.scale(1 / (inverseCurvatures[newest] * backend.dot(turn, turn)), direction);
    }
    for (int back = pairs; back >= 1; back--) {
      int i = pair(back);
      double beta = inverseCurvatures[i] * backend.dot(turns.get(i), direction);
      backend.add(weights[i] - beta, moves.get(i), 1, direction);
    }
  }

  private void remember(Matrix theta, Matrix gradient) {
    int i = (int) (steps % memory);
    backend.copy(theta, moves.get(i));
    backend.add(-1, origin, 1, moves.get(i));
    backend.copy(gradient, turns.get(i));
    backend.add(-1, originGradient, 1, turns.get(i));
    if (invert(i)) {
      steps++;
      pairs = Math.min(pairs + 1, memory);
    } else {
      // The oldest pair is gone with the buffer that this one took.
      pairs = Math.min(pairs, memory - 1);
    }
  }

  private boolean invert(int i) {
    double curvature = backend.dot(moves.get(i), turns.get(i));
    double scale = backend.norm(moves.get(i)) * backend.norm(turns.get(i));
    inverseCurvatures[i] = 1 / curvature;
    return curvature > LEAST_CURVATURE * scale && Double.isFinite(inverseCurvatures[i]);
  }

  /** Where the pair stands that was remembered {@code back} steps ago, 1 for the newest. */
  private int pair(int back) {
    return (int) Math.floorMod(steps - back, (long) memory);
  }

  @Override
  public List<Matrix> state() {
    return Stream.concat(moves.stream(), turns.stream()).toList();
  }

  @Override
  public long[] counters() {
    return new long[] {steps, pairs};
  }

  @Override
  public void restore(long[] counters) {
    if (counters.length != 2 || counters[0] < 0 || counters[1] < 0 || counters[1] > Math.min(memory, counters[0])) {
      throw new InvalidArgument("lbfgs: no state of this rule; it needs the numbers of steps and of pairs");
    }
    steps = counters[0];
    pairs = (int) counters[1];
    for (int back = 1; back <= pairs; back++) {
      invert(pair(back));
    }
  }

  @Override
  public void close() {
    workspace.close();
  }

  private void requireShape(Matrix theta) {
    if (theta.rows() != direction.rows() || theta.cols() != direction.cols() || theta.dtype() != direction.dtype()) {
      throw new ShapeMismatch("lbfgs: prepared for " + direction.describe("theta") + " " + direction.dtype() + ", got "
          + theta.describe("theta") + " " + theta.dtype());
    }
  }

  private Matrix like(Matrix theta) {
    return workspace.matrix(theta.dtype(), theta.rows(), theta.cols());
  }
}
