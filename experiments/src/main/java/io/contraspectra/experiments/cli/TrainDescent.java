package io.contraspectra.experiments.cli;

import io.contraspectra.core.manifold.Retraction;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.optimize.Optimizers;
import io.contraspectra.core.optimize.Schedule;
import io.contraspectra.core.training.Constraints;
import io.contraspectra.core.training.Descent;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a run descends, and within which constraints. */
final class TrainDescent {

  @Option(names = "--optimizer", paramLabel = "NAME", defaultValue = "gd",
      description = "gd, sgd, momentum, adam or lbfgs (default gd: all data at every step).")
  private String optimizer = "gd";

  @Option(names = "--lr", paramLabel = "ETA",
      description = "Step size (default: gd and sgd 0.5, momentum 0.05, adam 0.001, lbfgs 1).")
  private @Nullable Double stepSize;

  @Option(names = "--schedule", paramLabel = "HOW", defaultValue = "constant",
      description = "constant, cosine, or step:K:F for a factor F every K steps (default constant).")
  private String schedule = "constant";

  @Option(names = "--warm-up", paramLabel = "T", defaultValue = "0",
      description = "Steps over which the step size rises to its first value (default 0).")
  private long warmUp;

  @Option(names = "--weight-decay", paramLabel = "L", defaultValue = "0",
      description = "Adds the gradient of L/2 |theta|^2 (default 0).")
  private double decay;

  @Option(names = "--clip", paramLabel = "C", description = "Shorten gradients to this norm (default: none).")
  private @Nullable Double clip;

  @Option(names = "--orthogonal-output", paramLabel = "HOW",
      description = "Keep the readout's rows orthonormal by qr, polar or geodesic steps.")
  private @Nullable String orthogonal;

  @Option(names = "--lr-output", paramLabel = "ETA",
      description = "Step size of an orthonormal readout (default: --lr).")
  private @Nullable Double readoutStepSize;

  @Option(names = "--hidden-only", description = "Keep the readout's weights as they are.")
  private boolean hiddenOnly;

  Optimizers rule() {
    return Optimizers.named(optimizer);
  }

  /** How the readout moves, or null where it is free. */
  @Nullable Retraction readout() {
    if (orthogonal == null && readoutStepSize != null) {
      throw new InvalidArgument("--lr-output is the step size of an orthonormal readout; give --orthogonal-output too");
    }
    return orthogonal == null ? null : Retraction.named(orthogonal);
  }

  /** For a run of so many steps. */
  Descent descent(long steps) {
    return new Descent(rule(), baseStepSize(), warmUp == 0 ? schedule(steps)
        : new Schedule.WarmUp(warmUp, schedule(Math.max(1, steps - warmUp))), decay,
        clip == null ? Double.POSITIVE_INFINITY : clip);
  }

  private double baseStepSize() {
    return stepSize != null ? stepSize : switch (rule()) {
      case GD, SGD -> 0.5;
      case MOMENTUM -> 0.05;
      case ADAM -> 0.001;
      case LBFGS -> 1;
    };
  }

  private Schedule schedule(long steps) {
    String[] parts = schedule.split(":");
    if (schedule.equals("constant")) {
      return Schedule.CONSTANT;
    }
    if (schedule.equals("cosine")) {
      return new Schedule.Cosine(Math.max(1, steps));
    }
    try {
      if (parts.length == 3 && parts[0].equals("step")) {
        return new Schedule.Decay(Long.parseLong(parts[1]), Double.parseDouble(parts[2]));
      }
    } catch (NumberFormatException _) {
      // Told below, like every other schedule that nobody knows.
    }
    throw new InvalidArgument("unknown schedule '" + schedule
        + "'; give constant, cosine or step:K:F, e.g. step:100:.5");
  }

  /** For a first network of so many layers. */
  Constraints constraints(int layers) {
    Constraints frozen = hiddenOnly ? Constraints.NONE.freezing(Set.of(layers)) : Constraints.NONE;
    Retraction retraction = readout();
    return retraction == null ? frozen : frozen.withOrthogonalReadout(
        retraction, readoutStepSize != null ? readoutStepSize : baseStepSize());
  }
}
