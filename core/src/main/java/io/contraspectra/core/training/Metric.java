package io.contraspectra.core.training;

import io.contraspectra.core.matrix.InvalidArgument;
import java.util.Arrays;
import java.util.Locale;

/** What a training run can be followed by. */
public enum Metric {
  /** The loss. */
  LOSS,
  /** The Euclidean norm of the gradient over all parameters. */
  GRAD_NORM,
  /** How far the NTK of the anchors has moved, see {@link io.contraspectra.core.ntk.NtkDrift}. */
  NTK_DRIFT;

  /** The name on the command line and in tables, e.g. {@code ntk-drift}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The metric with the given {@link #label()}.
   *
   * @throws InvalidArgument for any other name, with the nearest one that exists
   */
  public static Metric named(String label) {
    return Arrays.stream(values())
        .filter(metric -> metric.label().equals(label))
        .findFirst()
        .orElseThrow(() -> InvalidArgument.unknown(
            "metric", label, Arrays.stream(values()).map(Metric::label).toList()));
  }
}
