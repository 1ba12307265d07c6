package io.contraspectra.experiments.paper;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.experiments.report.Report;

/** A paper's experiment: settings in, report out; nothing is printed or written. */
public interface Experiment {

  /** The name on the command line, e.g. {@code ntk-drift}. */
  String name();

  /**
   * About how many seconds it takes on two cores with five seeds. Whoever runs several estimates the remaining time by
   * it.
   */
  default double seconds(boolean quick) {
    return quick ? 40 : 120;
  }

  /**
   * Runs the experiment.
   *
   * @param progress told of every finished piece; may stop the experiment, which then reports what it has
   * @param provenance for the record
   * @throws io.contraspectra.core.matrix.InvalidArgument if the settings ask for what the experiment does not have
   */
  Report run(ExperimentSettings settings, Backend backend, ProgressListener progress, Provenance provenance);
}
