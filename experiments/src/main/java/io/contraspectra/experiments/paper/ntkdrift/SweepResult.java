package io.contraspectra.experiments.paper.ntkdrift;

import java.util.List;
import java.util.Optional;

/**
 * The finished runs of one sweep.
 *
 * @param sweep what was run
 * @param widths hidden widths, ascending
 * @param traces one list for each width, one entry for each repetition; empty entries were not run
 */
public record SweepResult(Sweep sweep, List<Integer> widths, List<List<Optional<DriftTrace>>> traces) {

  public SweepResult {
    widths = List.copyOf(widths);
    traces = traces.stream().map(List::copyOf).toList();
  }

  /** Whether every run of the grid is there. */
  public boolean isComplete() {
    return traces.stream().flatMap(List::stream).allMatch(Optional::isPresent);
  }

  /** All runs that were finished. */
  public List<DriftTrace> runs() {
    return traces.stream().flatMap(List::stream).flatMap(Optional::stream).toList();
  }
}
