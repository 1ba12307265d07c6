package io.contraspectra.core.training;

import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.optimize.Optimizers;
import io.contraspectra.core.optimize.Schedule;

/**
 * How parameters go down. The gradient is first shortened to the clipping norm, then the weight decay's
 * {@code decay·theta} is added, then the rule moves.
 *
 * @param rule the optimiser
 * @param stepSize the base step size, positive and finite
 * @param schedule its factor at each step
 * @param decay the weight decay, at least 0: the gradient of {@code decay/2 ‖theta‖²} is added to the loss's
 * @param clip the largest norm of the loss's gradient, positive; infinite for none
 */
public record Descent(Optimizers rule, double stepSize, Schedule schedule, double decay, double clip) {

  public Descent {
    if (!(stepSize > 0) || Double.isInfinite(stepSize)) {
      throw new InvalidArgument("learning rate is " + stepSize + "; it must be positive and finite");
    }
    if (!(decay >= 0) || Double.isInfinite(decay)) {
      throw new InvalidArgument("weight decay is " + decay + "; it must be finite and not negative");
    }
    if (!(clip > 0)) {
      throw new InvalidArgument("gradients clipped to norm " + clip + "; it must be positive");
    }
    if (rule == Optimizers.LBFGS && clip < Double.POSITIVE_INFINITY) {
      throw new InvalidArgument("lbfgs finds its own step lengths and takes gradients as they are; drop the clipping");
    }
  }

  /** A rule at a constant step size, without decay or clipping. */
  public static Descent of(Optimizers rule, double stepSize) {
    return new Descent(rule, stepSize, Schedule.CONSTANT, 0, Double.POSITIVE_INFINITY);
  }

  /** The step size at a step. */
  double stepSize(long step) {
    return stepSize * schedule.factor(step);
  }
}
