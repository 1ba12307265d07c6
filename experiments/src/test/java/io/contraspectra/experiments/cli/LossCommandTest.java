package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.contraspectra.core.data.Npz;
import io.contraspectra.core.loss.LossEntry;
import io.contraspectra.core.loss.Losses;
import io.contraspectra.core.loss.TripletLoss;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LossCommandTest {

  @TempDir
  private Path folder;

  static Stream<String> names() {
    return TripletLoss.catalogue(1).stream().map(TripletLoss::name);
  }

  @ParameterizedTest
  @MethodSource("names")
  void evaluatesEveryLoss(String name) {
    Path out = folder.resolve("gradients.npz");
    CliRun run = run("shared-loss-tau05", name, "--param", "tau=0.5", "--out", out, "--json");
    String golden = name.replace('-', '_');
    JsonObject json = run.json();
    assertEquals(Set.of("loss", "zero_rows"), json.keySet());
    Golden.assertClose(
        Golden.array("shared-loss-tau05", golden + "_val").toDouble(), json.get("loss").getAsDouble(), 1e-12);
    try (Npz gradients = Npz.open(out)) {
      assertEquals(Set.of("dF", "dP", "dQ"), gradients.names());
      for (String gradient : gradients.names()) {
        Golden.assertClose(
            Golden.array("shared-loss-tau05", golden + "_" + gradient), gradients.get(gradient), 1e-12);
      }
    }
  }

  @Test
  void tauIsShortForTheParameterAndOneByDefault() {
    double atOne = Golden.array("shared-loss-tau1", "cos_infonce_val").toDouble();
    Golden.assertClose(atOne, value("cos-infonce"), 1e-12);
    Golden.assertClose(atOne, value("cos-infonce", "--tau", 1), 1e-12);
    // Losses without a temperature take one and do nothing with it.
    Golden.assertClose(
        Golden.array("shared-loss-tau1", "dot_linear_val").toDouble(), value("dot-linear", "--tau", 0.1), 1e-12);
  }

  @Test
  void warnsOfRowsWithoutADirection() {
    CliRun run = run("shared-loss-zero-row", "cos-linear");
    assertEquals(ExitCodes.DONE, run.code());
    String[] printed = run.out().strip().split(" ");
    assertEquals("cos-linear", printed[0]);
    Golden.assertClose(
        Golden.array("shared-loss-zero-row", "cos_linear_val").toDouble(), Double.parseDouble(printed[1]), 1e-12);
    assertTrue(run.err().matches("warning: [1-9] rows have norm at most 1e-12; .*\\R"), run.err());
  }

  @Test
  void refusesALossBeyondTheRangeOfNumbers() {
    CliRun run = run("shared-loss-tau1", "dot-exp", "--tau", "1e-5", "--json", "--out", folder.resolve("g.npz"));
    assertEquals(ExitCodes.BAD_INPUT, run.code());
    assertEquals("", run.out());
    assertTrue(run.err().contains("dot-exp is Infinity at these embeddings, beyond the range of numbers; scale"),
        run.err());
    assertFalse(Files.exists(folder.resolve("g.npz")));
  }

  @Test
  void listsTheCatalogue() {
    JsonObject json = CliRun.of("losses", "--json").json();
    List<JsonObject> losses = StreamSupport.stream(json.getAsJsonArray("losses").spliterator(), false)
        .map(JsonElement::getAsJsonObject).toList();
    assertEquals(Losses.catalogue().stream().map(LossEntry::name).toList(),
        losses.stream().map(loss -> loss.get("name").getAsString()).toList());
    String text = CliRun.of("losses").succeeded().out();
    for (JsonObject loss : losses) {
      assertEquals(Set.of("name", "style", "formula", "parameters", "arrays", "source"), loss.keySet());
      assertTrue(text.contains(loss.get("name").getAsString() + " "), text);
      assertTrue(text.contains(loss.get("formula").getAsString()), text);
    }
  }

  private double value(String name, Object... more) {
    return run("shared-loss-tau1", name, Stream.concat(Stream.of("--json"), Stream.of(more)).toArray())
        .json().get("loss").getAsDouble();
  }

  private CliRun run(String archive, String name, Object... more) {
    Stream<Object> arrays = Stream.of("F", "P", "Q")
        .flatMap(array -> Stream.of("--" + array.toLowerCase(), Golden.npy(folder, archive, array)));
    return CliRun.of(Stream.of(Stream.of("loss", "--name", name), arrays, Stream.of(more)).flatMap(s -> s).toArray());
  }
}
