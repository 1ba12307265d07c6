package io.contraspectra.experiments.cli;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.experiments.paper.Experiment;
import io.contraspectra.experiments.paper.ExperimentSettings;
import io.contraspectra.experiments.paper.Provenance;
import io.contraspectra.experiments.paper.alphacl.AlphaCl;
import io.contraspectra.experiments.paper.grassmann.GrassmannDynamics;
import io.contraspectra.experiments.paper.ntkdrift.NtkDrift;
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

  @Parameters(paramLabel = "NAME", description = "ntk-drift, alpha-cl, grassmann-dynamics, or all.")
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
    this(List.of(new NtkDrift(), new AlphaCl(), new GrassmannDynamics()));
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
    if (all) {
      IndexPage.checkWritable(folder, output.force());
    }
    chosen.forEach(experiment -> ReportWriter.checkWritable(directory(folder, experiment), output.force()));
    var settings = new ExperimentSettings(Optional.ofNullable(data), seeds, seed, quick, backendOptions.dtype());
    Interruption.arm();
    List<Report> reports = run(chosen, folder, settings);
    Path page = all ? IndexPage.write(reports, folder, output.force()) : folder.resolve(ReportWriter.PAGE);
    if (output.json()) {
      out().print(all ? ResultsJson.of(reports) : ResultsJson.of(reports.getFirst()));
    } else {
      out().println("report: " + page);
    }
    if (Interruption.requested()) {
      return ExitCodes.INTERRUPTED;
    }
    boolean failed = reports.stream().anyMatch(report -> report.verdict() == Verdict.FAILS);
    return failed ? ExitCodes.DID_NOT_HOLD : ExitCodes.DONE;
  }

  private Experiment named() {
    return experiments.stream().filter(experiment -> experiment.name().equals(name)).findFirst()
        .orElseThrow(() -> InvalidArgument.unknown("experiment", name,
            Stream.concat(experiments.stream().map(Experiment::name), Stream.of(ALL)).toList()));
  }

  /** Each report is written as soon as it is there. */
  private List<Report> run(List<Experiment> chosen, Path folder, ExperimentSettings settings) {
    var reports = new ArrayList<Report>();
    var provenance = new Provenance(Version.current(), rerun());
    try (Backend backend = backendOptions.open(); var progress = new Progress(err())) {
      for (Experiment experiment : chosen) {
        if (!Interruption.requested()) {
          Report report = experiment.run(settings, backend, progress, provenance);
          reports.add(report);
          ReportWriter.write(report, directory(folder, experiment), output.force(),
              warning -> err().println(warning));
          if (!output.json()) {
            out().println(ClaimsTable.of(report.claims()));
          }
        }
      }
    }
    return reports;
  }

  /** With all of them, each report has a folder of its own beside the index. */
  private Path directory(Path folder, Experiment experiment) {
    return name.equals(ALL) ? folder.resolve(experiment.name()) : folder;
  }

  private String rerun() {
    return "bin/contraspectra " + String.join(" ", spec.commandLine().getParseResult().originalArgs());
  }
}
