package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.experiments.paper.Experiment;
import io.contraspectra.experiments.paper.ExperimentSettings;
import io.contraspectra.experiments.paper.ProgressListener;
import io.contraspectra.experiments.paper.Provenance;
import io.contraspectra.experiments.paper.ntkdrift.DriftSettings;
import io.contraspectra.experiments.paper.ntkdrift.DriftSettings.Breadth;
import io.contraspectra.experiments.paper.ntkdrift.DriftSettings.ReadoutScale;
import io.contraspectra.experiments.paper.ntkdrift.NtkDrift;
import io.contraspectra.experiments.paper.ntkdrift.TripletSources;
import io.contraspectra.experiments.report.Claim;
import io.contraspectra.experiments.report.Environment;
import io.contraspectra.experiments.report.Report;
import io.contraspectra.experiments.report.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReproduceCommandTest {

  @TempDir
  private Path folder;

  @Test
  void theClaimsHoldInTheNtkParameterisation() throws IOException {
    Path report = folder.resolve("new/report");
    CliRun run = reproduce(ReadoutScale.NTK, "--out", report).succeeded();
    assertTrue(run.out().contains("ntk:G1") && run.out().contains("holds"), run.out());
    assertTrue(run.out().strip().endsWith("report: " + report.resolve("report.html")), run.out());
    assertEquals(Map.of("ntk:G1", "holds", "ntk:G2", "holds", "ntk:G3", "holds"), verdicts(results(report)));
    for (String file : List.of("report.html", "claims.csv")) {
      assertTrue(Files.size(report.resolve(file)) > 0, file);
    }
    CliRun again = reproduce(ReadoutScale.NTK, "--out", report);
    assertEquals(ExitCodes.BAD_INPUT, again.code());
    assertTrue(again.err().contains("exists already; choose another path or force overwriting (--force)"), again.err());
  }

  /** Cosine losses do not see the output's scale; the dot-product loss does, and no longer gets away. */
  @Test
  void dividingBySqrtMTwiceFailsTheClaimOfTheDotProductLoss() throws IOException {
    Path report = folder.resolve("report");
    CliRun run = reproduce(ReadoutScale.SQUARED_BY_MISTAKE, "--out", report, "--json");
    assertEquals(ExitCodes.DID_NOT_HOLD, run.code(), run.err());
    Map<String, String> expected = Map.of("ntk:G1", "holds", "ntk:G2", "holds", "ntk:G3", "FAILS");
    assertEquals(expected, verdicts(JsonParser.parseString(run.out()).getAsJsonObject()));
    assertEquals(expected, verdicts(results(report)));
  }

  @Test
  void allOfThemHaveAnIndexAndAFolderEach() throws IOException {
    Path folder = this.folder.resolve("all");
    var command = new CommandLine(new ReproduceCommand(List.of(stub("one", true), stub("two", false))));
    CliRun run = CliRun.of(command, "all", "--out", folder.toString());
    assertEquals(ExitCodes.DID_NOT_HOLD, run.code(), run.err());
    String index = Files.readString(folder.resolve("index.html"));
    assertTrue(index.contains("href=\"one/report.html\"") && index.contains("page:two FAILS"), index);
    assertEquals(Map.of("page:two", "FAILS"), verdicts(results(folder.resolve("two"))));
    assertTrue(run.out().strip().endsWith("report: " + folder.resolve("index.html")), run.out());
    CliRun again = CliRun.of(command, "all", "--out", folder.toString());
    assertEquals(ExitCodes.BAD_INPUT, again.code());
    CliRun json = CliRun.of(command, "all", "--out", folder.toString(), "--force", "--json");
    assertEquals(2, JsonParser.parseString(json.out()).getAsJsonObject().getAsJsonArray("experiments").size());
  }

  @Test
  void whatCannotUseTheDataIsLeftOutOfAllOfThem() throws IOException {
    Path folder = this.folder.resolve("some");
    var some = new CommandLine(new ReproduceCommand(List.of(refusing("one"), stub("two", true))));
    CliRun run = CliRun.of(some, "all", "--out", folder.toString());
    assertEquals(ExitCodes.BAD_INPUT, run.code());
    assertTrue(run.err().contains("left out: one: too few rows"), run.err());
    String index = Files.readString(folder.resolve("index.html"));
    assertTrue(index.contains("href=\"two/report.html\"") && !index.contains("one/report.html"), index);
    var none = new CommandLine(new ReproduceCommand(List.of(refusing("one"), refusing("two"))));
    CliRun nothing = CliRun.of(none, "all", "--out", this.folder.resolve("none").toString());
    assertEquals(ExitCodes.BAD_INPUT, nothing.code());
    assertTrue(nothing.err().contains("one: too few rows") && !nothing.err().contains("two:"), nothing.err());
  }

  private static Experiment refusing(String name) {
    return new Experiment() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Report run(
          ExperimentSettings settings, Backend backend, ProgressListener progress, Provenance provenance) {
        throw new InvalidData(name + ": too few rows");
      }
    };
  }

  private static Experiment stub(String name, boolean holds) {
    return new Experiment() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Report run(
          ExperimentSettings settings, Backend backend, ProgressListener progress, Provenance provenance) {
        return new Report(name, name, List.of(),
            List.of(new Claim("page:" + name, "It is so.", List.of(), "none", Verdict.of(holds))), List.of(), List.of(),
            Map.of(), settings.seed(), Environment.current(provenance.version(), backend.describe()), Duration.ZERO,
            provenance.rerun());
      }
    };
  }

  /** Two widths suffice for a slope, and these for the drift that the claims allow the widest. */
  private static CliRun reproduce(ReadoutScale scale, Object... arguments) {
    return CliRun.of(new CommandLine(new ReproduceCommand(List.of(new NtkDrift(settings -> new DriftSettings(
        List.of(TripletSources.synthetic()), List.of(32, 2048), List.of(), 2, settings.steps(), settings.stepSize(),
        settings.temperature(), Breadth.CORE, settings.seed(), DType.F64, scale))))),
        Stream.concat(Stream.of("ntk-drift"), Stream.of(arguments)).toArray());
  }

  private static JsonObject results(Path report) throws IOException {
    return JsonParser.parseString(Files.readString(report.resolve("results.json"))).getAsJsonObject();
  }

  private static Map<String, String> verdicts(JsonObject results) {
    return StreamSupport.stream(results.getAsJsonArray("claims").spliterator(), false)
        .map(JsonElement::getAsJsonObject)
        .collect(Collectors.toMap(claim -> claim.get("id").getAsString(), claim -> claim.get("verdict").getAsString()));
  }
}
