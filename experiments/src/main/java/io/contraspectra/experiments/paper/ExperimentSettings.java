package io.contraspectra.experiments.paper;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import java.util.Optional;

/**
 * What a user can ask of any experiment.
 *
 * @param data {@code digits}, {@code synthetic} or the path of a data file; empty for what the experiment is made for
 * @param seeds independent repetitions, at least 1
 * @param seed the seed that all random streams are split from
 * @param quick a reduced grid, under a minute on two cores
 * @param dtype element type
 */
public record ExperimentSettings(Optional<String> data, int seeds, long seed, boolean quick, DType dtype) {

  public ExperimentSettings {
    if (seeds < 1) {
      throw new InvalidArgument(seeds + " seeds; at least 1 repetition is needed");
    }
  }
}
