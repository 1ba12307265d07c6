package io.contraspectra.experiments.paper;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.random.RandomStreams;
import io.contraspectra.experiments.report.Claim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs the studies of an experiment for every seed, and judges what they found. */
public final class Studies {

  private record Cell(Study study, int seed) {}

  private Studies() {}

  /**
   * Measures every study for every seed, as many at once as the backend runs tiles.
   *
   * @param experiment its name, the first part of the names of all random streams
   * @param studies the longest first, see {@link Cells#run}
   * @return what the cells found that were finished
   */
  public static Measured measure(String experiment, List<Study> studies, ExperimentSettings settings, Backend backend,
      ProgressListener progress) {
    var cells = new ArrayList<Cell>();
    for (Study study : studies) {
      for (int seed = 0; seed < settings.seeds(); seed++) {
        cells.add(new Cell(study, seed));
      }
    }
    var streams = RandomStreams.of(settings.seed());
    Map<Cell, Measured.Sheet> sheets = Cells.run(backend, progress, "measuring", cells,
        Kept.sheets(cell -> cell.study().name() + "/" + cell.seed()), cell -> Optional.of(cell.study().measure(
            backend, streams.named(experiment + "/" + cell.seed() + "/" + cell.study().name()))));
    var measured = new Measured(settings.seeds());
    cells.stream().filter(sheets::containsKey).forEach(cell -> measured.add(cell.seed(), sheets.get(cell)));
    return measured;
  }

  /** The verdicts on all claims, in the order of their letters and numbers. */
  public static List<Claim> claims(List<Study> studies, Measured measured) {
    return studies.stream().flatMap(study -> study.gates().stream())
        .sorted(Comparator.comparing((Gate gate) -> gate.id().replaceAll("\\d.*", ""))
            .thenComparingInt(gate -> Integer.parseInt(gate.id().replaceAll("\\D", ""))))
        .map(gate -> gate.judge(measured)).toList();
  }
}
