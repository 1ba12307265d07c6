package io.contraspectra.experiments.cli;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.ContraSpectraException;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.experiments.paper.CellFolder;
import io.contraspectra.experiments.paper.Experiment;
import io.contraspectra.experiments.paper.ExperimentSettings;
import io.contraspectra.experiments.paper.Provenance;
import io.contraspectra.experiments.paper.alphacl.AlphaCl;
import io.contraspectra.experiments.paper.features.RandomFeaturePca;
import io.contraspectra.experiments.paper.gmm.GmmFisher;
import io.contraspectra.experiments.paper.grassmann.GrassmannDynamics;
import io.contraspectra.experiments.paper.ntkdrift.NtkDrift;
import io.contraspectra.experiments.paper.spectral.SpectralEquivalence;
import io.contraspectra.experiments.report.ClaimsTable;
import io.contraspectra.experiments.report.IndexPage;
import io.contraspectra.experiments.report.Report;
import io.contraspectra.experiments.report.ReportWriter;
import io.contraspectra.experiments.report.ResultsJson;
import io.contraspectra.experiments.report.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reproduce}: a paper's experiment, as claims with verdicts, figures and a report. */
@Command(name = "reproduce", description = "Reproduce a paper's experiment: claims with verdicts, figures, a report.")
final class ReproduceCommand extends AbstractCommand {

  private static final int DEFAULT_SEEDS = 5;
  private static final String ALL = "all";

  @Parameters(paramLabel = "NAME",
      description = "ntk-drift, random-feature-pca, alpha-cl, gmm-fisher, spectral-equivalence, grassmann-dynamics,"
          + " or all.")
  private String name = "";

  @Option(names = "--data", paramLabel = "DATA",
      description = "digits, synthetic, or a file of samples; default: digits and synthetic.")
  private @Nullable String data;

  @Option(names = "--seeds", paramLabel = "N", defaultValue = "" + DEFAULT_SEEDS,
      description = "Independent repetitions (default ${DEFAULT-VALUE}).")
  private int seeds;

  @Option(names = "--seed", paramLabel = "S", defaultValue = "0",
      description = "The seed that all random streams are split from (default ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--quick", description = "A reduced grid, under a minute.")
  private boolean quick;

  @Mixin
  private BackendOptions backendOptions;

  @Mixin
  private OutputOptions output;

  private final List<Experiment> experiments;

  ReproduceCommand() {
    this(List.of(new NtkDrift(), new RandomFeaturePca(), new AlphaCl(), new GmmFisher(), new SpectralEquivalence(),
        new GrassmannDynamics()));
  }

  /** Offers other experiments than the papers'. */
  ReproduceCommand(List<Experiment> experiments) {
    this.experiments = experiments;
  }

  @Override
  int execute() {
    boolean all = name.equals(ALL);
    List<Experiment> chosen = all ? experiments : List.of(named());
    Path folder = output.path().orElse(all ? Path.of("reports") : Path.of("reports", name));
    boolean goesOn = chosen.stream().anyMatch(experiment -> isUnfinished(folder, experiment));
    if (all) {
      IndexPage.checkWritable(folder, output.force() || goesOn);
    }
    chosen.forEach(experiment ->
        ReportWriter.checkWritable(directory(folder, experiment), mayReplace(folder, experiment)));
    var settings = new ExperimentSettings(Optional.ofNullable(data), seeds, seed, quick, backendOptions.dtype());
    Interruption.arm();
    var stores = new ArrayList<CellFolder>();
    var refusals = new ArrayList<ContraSpectraException>();
    List<Report> reports = run(chosen, folder, settings, stores, refusals);
    if (reports.isEmpty() && !refusals.isEmpty()) {
      throw refusals.getFirst();
    }
    if (reports.isEmpty()) {
      return ExitCodes.INTERRUPTED;
    }
    Path page = all ? IndexPage.write(reports, folder, output.force() || goesOn) : folder.resolve(ReportWriter.PAGE);
    if (output.json()) {
      out().print(all ? ResultsJson.of(reports) : ResultsJson.of(reports.getFirst()));
    } else {
      out().println("report: " + page);
    }
    if (Interruption.requested()) {
      err().println("interrupted: " + stores.stream().mapToInt(CellFolder::size).sum() + " finished cells are kept in "
          + folder + "; run the same command again" + (output.force() ? " without --force" : "") + " to go on");
      return ExitCodes.INTERRUPTED;
    }
    stores.forEach(CellFolder::close);
    if (!refusals.isEmpty()) {
      refusals.forEach(refusal -> err().println("left out: " + refusal.getMessage()));
      return ExitCodes.BAD_INPUT;
    }
    boolean failed = reports.stream().anyMatch(report -> report.verdict() == Verdict.FAILS);
    return failed ? ExitCodes.DID_NOT_HOLD : ExitCodes.DONE;
  }

  private Experiment named() {
    return experiments.stream().filter(experiment -> experiment.name().equals(name)).findFirst()
        .orElseThrow(() -> InvalidArgument.unknown("experiment", name,
            Stream.concat(experiments.stream().map(Experiment::name), Stream.of(ALL)).toList()));
  }

  /**
   * Each report is written as soon as it is there. An experiment that cannot use the data or settings is left out: the
   * others may.
   */
  private List<Report> run(List<Experiment> chosen, Path folder, ExperimentSettings settings,
      List<CellFolder> stores, List<ContraSpectraException> refusals) {
    var reports = new ArrayList<Report>();
    var provenance = new Provenance(Version.current(), rerun());
    var agenda = new Agenda(chosen.stream().map(experiment -> experiment.seconds(quick)).toList());
    try (Backend backend = backendOptions.open(); var progress = new Progress(err())) {
      progress.follow(agenda);
      for (Experiment experiment : chosen) {
        if (!Interruption.requested()) {
          agenda.next();
          var cells = new CellFolder(directory(folder, experiment),
              ReproductionCells.settings(experiment.name(), settings, backend), rerun(), output.force(), progress::say);
          stores.add(cells);
          try {
            Report report = experiment.run(settings, backend, progress.keepingIn(cells), provenance);
            agenda.finish(report.elapsed().toNanos() * 1e-9, !cells.isTakenOver());
            reports.add(report);
            write(report, directory(folder, experiment), mayReplace(folder, experiment), cells);
          } catch (InvalidArgument | InvalidData refusal) {
            refusals.add(refusal);
          }
        }
      }
    }
    return reports;
  }

  private void write(Report report, Path directory, boolean replace, CellFolder cells) {
    // If this is not all that is asked for, the report may be replaced by the run that goes on.
    cells.open();
    ReportWriter.write(report, directory, replace, warning -> err().println(warning));
    if (!output.json()) {
      out().println(ClaimsTable.of(report.claims()));
    }
  }

  /** The report of an unfinished run gives way to that of the run that goes on. */
  private boolean mayReplace(Path folder, Experiment experiment) {
    return output.force() || isUnfinished(folder, experiment);
  }

  private boolean isUnfinished(Path folder, Experiment experiment) {
    return CellFolder.isUnfinished(directory(folder, experiment));
  }

  /** With all of them, each report has a folder of its own beside the index. */
  private Path directory(Path folder, Experiment experiment) {
    return name.equals(ALL) ? folder.resolve(experiment.name()) : folder;
  }

  private String rerun() {
    return "bin/contraspectra " + String.join(" ", spec.commandLine().getParseResult().originalArgs());
  }
}
