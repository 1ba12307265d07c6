package io.contraspectra.experiments.paper.ntkdrift;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.experiments.paper.Cells;
import io.contraspectra.experiments.paper.Kept;
import io.contraspectra.experiments.paper.ProgressListener;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Runs the grid of sweeps, widths and repetitions, as many cells at once as the backend runs tiles. */
public final class DriftExperiment {

  private record Cell(Sweep sweep, int width, int repetition) {}

  private final DriftSettings settings;

  public DriftExperiment(DriftSettings settings) {
    this.settings = settings;
  }

  /**
   * Runs until all cells are done or the listener cancels; cells not run are missing from the result.
   *
   * @return one entry for each sweep, in the order of the plan
   */
  public List<SweepResult> run(Backend backend, ProgressListener progress) {
    List<Sweep> sweeps = DriftPlan.of(settings);
    List<Cell> cells = cells(sweeps);
    Map<Cell, DriftTrace> finished = Cells.run(backend, progress, "training networks", cells,
        new Kept<>(cell -> settings.text() + ": " + cell.sweep().name() + " " + cell.sweep().measurement() + " "
            + cell.width() + "/" + cell.repetition(), DriftTrace::sheet, DriftTrace::of), cell -> DriftRun.of(
            cell.sweep(), cell.width(), cell.repetition(), settings, backend, progress::isCancelled));
    return sweeps.stream().map(sweep -> result(sweep, finished)).toList();
  }

  /** Wide networks first: the last cells to finish are then short ones, and no thread waits long. */
  private List<Cell> cells(List<Sweep> sweeps) {
    var cells = new ArrayList<Cell>();
    for (Sweep sweep : sweeps) {
      for (int width : widths(sweep)) {
        for (int repetition = 0; repetition < settings.seeds(); repetition++) {
          cells.add(new Cell(sweep, width, repetition));
        }
      }
    }
    cells.sort(Comparator.comparingLong(
        cell -> -(long) Math.pow(cell.width(), cell.sweep().hiddenLayers())));
    return cells;
  }

  private SweepResult result(Sweep sweep, Map<Cell, DriftTrace> finished) {
    List<List<Optional<DriftTrace>>> traces = widths(sweep).stream()
        .map(width -> IntStream.range(0, settings.seeds())
            .mapToObj(repetition -> Optional.ofNullable(finished.get(new Cell(sweep, width, repetition))))
            .toList())
        .toList();
    return new SweepResult(sweep, widths(sweep), traces);
  }

  private List<Integer> widths(Sweep sweep) {
    return sweep.hiddenLayers() == 1 ? settings.widths() : settings.deepWidths();
  }
}
