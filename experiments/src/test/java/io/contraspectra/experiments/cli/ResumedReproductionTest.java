package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.random.RandomStreams;
import io.contraspectra.experiments.paper.Cells;
import io.contraspectra.experiments.paper.Experiment;
import io.contraspectra.experiments.paper.ExperimentSettings;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Kept;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.ProgressListener;
import io.contraspectra.experiments.paper.Provenance;
import io.contraspectra.experiments.report.Environment;
import io.contraspectra.experiments.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ResumedReproductionTest {

  private static final int CELLS = 6;

  @TempDir
  private Path folder;

  private final AtomicInteger run = new AtomicInteger();
  private int breakdown = Integer.MAX_VALUE;

  @Test
  void whatWasFinishedIsTakenOverAndTheResultIsTheSame() throws IOException {
    Path whole = folder.resolve("whole");
    reproduce("drawn", whole).succeeded();
    Path report = interrupted("drawn");
    assertEquals(3, run.getAndSet(0));
    CliRun again = reproduce("drawn", report);
    assertEquals(ExitCodes.DONE, again.code(), again.err());
    assertEquals(List.of("going on: 3 of 6 cells are in " + report.resolve("cells") + " already"), again.errorLines());
    assertEquals(3, run.get());
    assertEquals(Files.readString(whole.resolve("claims.csv")), Files.readString(report.resolve("claims.csv")));
    assertFalse(Files.exists(report.resolve("cells")));
    assertEquals(ExitCodes.BAD_INPUT, reproduce("drawn", report).code(), "a whole report is not replaced");
  }

  @Test
  void forceAndOtherSettingsStartAfresh() throws IOException {
    Path report = interrupted("drawn");
    run.set(0);
    CliRun other = reproduce("drawn", report, "--seed", 1);
    assertEquals(ExitCodes.DONE, other.code(), other.err());
    assertTrue(other.err().startsWith("starting afresh"), other.err());
    assertEquals(CELLS, run.getAndSet(0));
    assertEquals("", reproduce("drawn", interrupted("drawn", "--force"), "--force").err());
    assertEquals(3 + CELLS, run.get());
  }

  @Test
  void ofSeveralExperimentsTheFinishedOnesAreTakenOverWhole() throws IOException {
    Path report = folder.resolve("all");
    breakdown = CELLS + 3;
    assertEquals(ExitCodes.ENVIRONMENT, reproduce("all", report).code());
    assertEquals(CELLS + 3, run.getAndSet(0));
    breakdown = Integer.MAX_VALUE;
    CliRun again = reproduce("all", report);
    assertEquals(ExitCodes.DONE, again.code(), again.err());
    assertEquals(3, run.get());
    assertEquals(Files.readString(report.resolve("drawn/claims.csv")), Files.readString(report.resolve("copy/claims.csv")));
    try (Stream<Path> files = Files.walk(report)) {
      assertEquals(List.of(), files.filter(file -> file.endsWith("cells")).toList());
    }
  }

  /** A run that broke down at its fourth cell, as a crash or a signal would end it. */
  private Path interrupted(String name, Object... options) {
    Path report = folder.resolve("report");
    run.set(0);
    breakdown = 3;
    assertEquals(ExitCodes.ENVIRONMENT, reproduce(name, report, options).code());
    breakdown = Integer.MAX_VALUE;
    return report;
  }

  private CliRun reproduce(String name, Path report, Object... options) {
    var command = new CommandLine(new ReproduceCommand(List.of(drawn("drawn"), drawn("copy"))));
    return CliRun.of(command, Stream.concat(
        Stream.of(name, "--out", report, "--seeds", CELLS, "--threads", 1, "--backend", "cpu"),
        Stream.of(options)).toArray());
  }

  /** Draws a number a seed. */
  private Experiment drawn(String name) {
    return new Experiment() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Report run(
          ExperimentSettings settings, Backend backend, ProgressListener progress, Provenance provenance) {
        List<Integer> cells = IntStream.range(0, settings.seeds()).boxed().toList();
        Map<Integer, Measured.Sheet> sheets = Cells.run(backend, progress, "drawing", cells,
            Kept.sheets(seed -> "seed " + seed), seed -> Optional.of(draw(settings.seed(), seed)));
        var measured = new Measured(settings.seeds());
        sheets.forEach(measured::add);
        return new Report(name, name, List.of(),
            List.of(Gate.of("page:D1", "It is small.", Gate.Bound.atMost("x", 9)).judge(measured)), List.of(),
            List.of(), Map.of(), settings.seed(), Environment.current(provenance.version(), backend.describe()),
            Duration.ZERO, provenance.rerun());
      }
    };
  }

  private Measured.Sheet draw(long base, int seed) {
    if (run.get() >= breakdown) {
      throw new IllegalStateException("broken down");
    }
    run.incrementAndGet();
    var sheet = new Measured.Sheet();
    sheet.put("x", RandomStreams.of(base).named("x/" + seed).nextGaussian());
    return sheet;
  }
}
