package io.contraspectra.experiments.cli;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.experiments.paper.ntkdrift.DriftSettings;
import io.contraspectra.experiments.paper.ntkdrift.NtkDrift;
import io.contraspectra.experiments.paper.ntkdrift.TripletSource;
import io.contraspectra.experiments.paper.ntkdrift.TripletSources;
import io.contraspectra.experiments.report.ClaimsTable;
import io.contraspectra.experiments.report.Report;
import io.contraspectra.experiments.report.ReportWriter;
import io.contraspectra.experiments.report.ResultsJson;
import io.contraspectra.experiments.report.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code reproduce}: a paper's experiment, as claims with verdicts, figures and a report. */
@Command(name = "reproduce", description = "Reproduce a paper's experiment: claims with verdicts, figures, a report.")
final class ReproduceCommand extends AbstractCommand {

  private static final int DEFAULT_SEEDS = 5;

  @Parameters(paramLabel = "NAME", description = "ntk-drift.")
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

  private final UnaryOperator<DriftSettings> adjustment;

  ReproduceCommand() {
    this(UnaryOperator.identity());
  }

  /**
   * An experiment that departs from the paper's.
   *
   * @param adjustment takes the settings that the options ask for to those that are run
   */
  ReproduceCommand(UnaryOperator<DriftSettings> adjustment) {
    this.adjustment = adjustment;
  }

  @Override
  int execute() {
    if (!name.equals(NtkDrift.NAME)) {
      throw InvalidArgument.unknown("experiment", name, List.of(NtkDrift.NAME));
    }
    Path directory = output.path().orElse(Path.of("reports", name));
    ReportWriter.checkWritable(directory, output.force());
    DriftSettings settings = adjustment.apply(settings());
    Interruption.arm();
    Report report;
    try (Backend backend = backendOptions.open(); var progress = new Progress(err())) {
      report = NtkDrift.run(settings, backend, progress, Version.current(), rerun());
    }
    List<Path> written = ReportWriter.write(report, directory, output.force(), warning -> err().println(warning));
    if (output.json()) {
      out().print(ResultsJson.of(report));
    } else {
      out().println(ClaimsTable.of(report.claims()));
      out().println("report: " + written.getFirst());
    }
    if (Interruption.requested()) {
      return ExitCodes.INTERRUPTED;
    }
    return report.verdict() == Verdict.FAILS ? ExitCodes.DID_NOT_HOLD : ExitCodes.DONE;
  }

  private DriftSettings settings() {
    List<TripletSource> sources = TripletSources.of(data, quick);
    return quick
        ? DriftSettings.quick(sources, seeds, seed, backendOptions.dtype())
        : DriftSettings.full(sources, seeds, seed, backendOptions.dtype());
  }

  private String rerun() {
    return "bin/contraspectra " + String.join(" ", spec.commandLine().getParseResult().originalArgs());
  }
}
