package io.contraspectra.core.training;

import io.contraspectra.core.matrix.InvalidArgument;
import java.util.Arrays;
import java.util.Locale;

/** What a training run can be followed by. */
public enum Metric {
  /** The loss of the step's batch. */
  LOSS,
  /** The Euclidean norm of the loss's gradient over all parameters, before clipping. */
  GRAD_NORM,
  /** How far the NTK has moved since the start, see {@link io.contraspectra.core.ntk.NtkDrift}. */
  NTK_DRIFT,
  /** The effective rank of the embeddings, see {@link io.contraspectra.core.manifold.EffectiveRank}. */
  ERANK,
  /** The effective rank of the embeddings' covariance. */
  COVARIANCE_RANK,
  /** {@link io.contraspectra.core.evaluate.UnitSphere#alignment} of the first two blocks of the step's batch. */
  ALIGNMENT,
  /** {@link io.contraspectra.core.evaluate.UnitSphere#uniformity} of the first block of the step's batch. */
  UNIFORMITY,
  /** The accuracy of the 5 nearest neighbours on samples held out. */
  KNN,
  /** The accuracy of a ridge probe on samples held out. */
  PROBE,
  /** The projection distance of the representation's subspace to a reference. */
  SUBSPACE;

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
