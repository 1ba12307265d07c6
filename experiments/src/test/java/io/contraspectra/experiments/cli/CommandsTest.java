package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every command keeps: results on one stream, errors on the other, help and version everywhere. */
class CommandsTest {
  @ParameterizedTest
  @ValueSource(strings = {"info", "ntk", "infinite-ntk", "loss", "losses", "train", "reproduce"})
  void everyCommandHasHelp(String command) {
    var invocation = Invocation.of(command, "--help");
    assertEquals(ExitCodes.DONE, invocation.exitCode());
    assertTrue(invocation.out().startsWith("Usage: contraspectra " + command), invocation.out());
    assertEquals("", invocation.err());
  }

  @Test
  void theVersionIsTheBuilds() {
    var invocation = Invocation.of("--version");
    assertEquals(ExitCodes.DONE, invocation.exitCode());
    assertTrue(invocation.out().matches("contraspectra [0-9]+\\.[0-9]+\\.[0-9]+\\S*\\R"), invocation.out());
  }

  @Test
  void infoNamesTheBackendAndWhatWasTried() {
    var invocation = Invocation.of("info", "--json");
    assertEquals(ExitCodes.DONE, invocation.exitCode());
    var info = JsonParser.parseString(invocation.out()).getAsJsonObject();
    assertTrue(info.get("auto").getAsString().startsWith("cpu"), invocation.out());
    var attempts = info.getAsJsonObject("openblas").getAsJsonArray("attempts");
    assertEquals("loaded", attempts.get(attempts.size() - 1).getAsJsonObject().get("outcome").getAsString());
  }

  @Test
  void aMissingFileIsBadInput() {
    var invocation = Invocation.of("ntk", "--model", "nowhere.npz", "--input", "x.npy");
    assertEquals(ExitCodes.BAD_INPUT, invocation.exitCode());
    assertTrue(invocation.err().startsWith("contraspectra ntk: nowhere.npz does not exist"), invocation.err());
  }

  @Test
  void aBackendAskedForAndMissingIsUnavailable(@TempDir Path folder) {
    var invocation = Invocation.of(
        "reproduce", "ntk-drift", "--quick", "--backend", "cuda", "--out", folder.resolve("report").toString());
    assertEquals(ExitCodes.UNAVAILABLE, invocation.exitCode());
    assertTrue(invocation.err().contains("'cuda' is unavailable"), invocation.err());
  }

  @Test
  void unknownExperimentsAreBadInput() {
    assertEquals(ExitCodes.BAD_INPUT, Invocation.of("reproduce", "nothing").exitCode());
  }
}
