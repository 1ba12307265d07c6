package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.contraspectra.core.data.NpyArray;
import io.contraspectra.core.data.Npz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainCommandTest {

  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource({
      "erf, cos-linear", "erf, cos-infonce", "erf, dot-logistic", "erf, dot-linear",
      "relu, cos-ntxent", "relu, cos-logistic", "relu, dot-infonce", "relu, dot-linear"})
  void takesTheGoldenSteps(String activation, String loss) throws IOException {
    String archive = "shared-gd-" + activation;
    String golden = loss.replace('-', '_');
    Path out = folder.resolve("trained.npz");
    int steps = (int) Golden.array(archive, golden + "_T").toDouble();
    JsonObject json = train(archive, activation, loss, "--steps", steps, "--out", out, "--json",
        "--track", "loss,grad-norm,ntk-drift").json();

    NpyArray w = Golden.array(out, "W2");
    Golden.assertClose(Golden.array(archive, golden + "_V_T"), Golden.array(out, "W1"), 1e-9);
    Golden.assertClose(Golden.array(archive, golden + "_W_T"), Golden.transposed(w), 1e-9);
    assertEquals(activation, Golden.array(out, "activation").toText());
    assertEquals(Set.of("steps", "diverged", "loss", "grad_norm", "ntk_drift"), json.keySet());
    assertEquals(steps, json.get("steps").getAsInt());
    assertFalse(json.get("diverged").getAsBoolean());
    Golden.assertClose(Golden.array(archive, golden + "_drift").toDouble(), json.get("ntk_drift").getAsDouble(), 1e-9);

    List<String> csv = Files.readAllLines(folder.resolve("trained.csv"));
    assertEquals("step,loss,grad-norm,ntk-drift", csv.getFirst());
    double[] history = Golden.array(archive, golden + "_hist").toDoubles();
    assertEquals(history.length + 1, csv.size());
    double[] losses = csv.stream().skip(1).mapToDouble(row -> Double.parseDouble(row.split(",")[1])).toArray();
    Golden.assertClose(NpyArray.of(history, history.length), NpyArray.of(losses, losses.length), 1e-9);
    assertEquals(csv.getLast(), String.join(",", json.get("steps").getAsString(), json.get("loss").getAsString(),
        json.get("grad_norm").getAsString(), json.get("ntk_drift").getAsString()));
  }

  @ParameterizedTest
  @CsvSource({"erf, cos-linear", "relu, cos-infonce"})
  void keepsTheReadoutOnRequest(String activation, String loss) {
    String archive = "shared-gd-" + activation;
    Path out = folder.resolve("trained.npz");
    train(archive, activation, loss, "--steps", 20, "--hidden-only", "--out", out).succeeded();
    Golden.assertClose(
        Golden.array(archive, loss.replace('-', '_') + "_V_T_hidden_only"), Golden.array(out, "W1"), 1e-9);
    Golden.assertClose(Golden.array(archive, "W"), Golden.transposed(Golden.array(out, "W2")), 0);
  }

  @Test
  void startsANewNetworkFromTheSeedAndFollowsEveryKSteps() throws IOException {
    Path first = folder.resolve("first.npz");
    Path again = folder.resolve("again.npz");
    for (Path out : List.of(first, again)) {
      fresh("--seed", 3, "--steps", 5, "--every", 2, "--out", out).succeeded();
    }
    assertEquals(-1, Files.mismatch(first, again), "the same seed must give the same file");
    assertEquals(List.of("0", "2", "4", "5"),
        Files.readAllLines(folder.resolve("first.csv")).stream().skip(1).map(row -> row.split(",")[0]).toList());
    try (Npz network = Npz.open(first)) {
      assertEquals(List.of("W1", "W2", "scales", "activation"), List.copyOf(network.names()));
      assertEquals(List.of(16L, 5L), Stream.of(network.get("W1").shape()[0], network.get("W1").shape()[1]).toList());
    }
    Path other = folder.resolve("other.npz");
    fresh("--seed", 4, "--steps", 0, "--out", other).succeeded();
    assertTrue(Files.mismatch(first, other) >= 0);
  }

  @Test
  void reportsARunThatDiverges() {
    CliRun run = fresh("--loss", "dot-linear", "--steps", 2000, "--lr", 5, "--track", "loss,ntk-drift", "--json");
    assertEquals(ExitCodes.DID_NOT_HOLD, run.code());
    assertTrue(run.out().contains("\"diverged\": true"), run.out());
    assertTrue(run.out().contains("\"ntk_drift\": \"Infinity\""), run.out());
    assertEquals(1, run.errorLines().size(), run.err());
    assertTrue(run.err().contains("use a smaller --lr"), run.err());
  }

  private CliRun fresh(Object... more) {
    var arguments = Stream.concat(Stream.of("train", "--triplets", triplets("shared-gd-relu"), "--widths", "5,16,3",
        "--activation", "relu"), Stream.of(more));
    return CliRun.of((Stream.of(more).anyMatch("--loss"::equals)
        ? arguments : Stream.concat(arguments, Stream.of("--loss", "cos-linear"))).toArray());
  }

  private CliRun train(String archive, String activation, String loss, Object... more) {
    return CliRun.of(Stream.concat(Stream.of("train", "--triplets", triplets(archive), "--loss", loss,
        "--model", Golden.twoLayers(folder, archive, activation), "--lr", Golden.array(archive, "eta").toDouble(),
        "--tau", Golden.array(archive, "tau").toDouble()), Stream.of(more)).toArray());
  }

  private String triplets(String archive) {
    return Stream.of("X", "Xp", "Xq").map(name -> Golden.npy(folder, archive, name).toString())
        .reduce((a, b) -> a + "," + b).orElseThrow();
  }
}
