package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InfoCommandTest {

  @Test
  void describesThisInstallation() {
    JsonObject json = CliRun.of("info", "--json").json();
    assertTrue(json.keySet().containsAll(
        Set.of("version", "java", "system", "processors", "vector_api", "auto", "openblas", "cuda")), json::toString);
    assertTrue(json.get("java").getAsString().contains(Runtime.version().toString()), json::toString);
    assertTrue(json.get("auto").getAsString().startsWith("cpu: OpenBLAS"), json::toString);
    assertTrue(json.get("auto_rule").getAsString().contains("cuda: 1 s + bytes / (10 GB/s) + flops / (2 Tflop/s)"),
        json::toString);
    JsonObject openblas = json.getAsJsonObject("openblas");
    String details = openblas.get("details").getAsString();
    assertTrue(details.matches("OpenBLAS .*, kernel .*, [0-9]+ threads"), details);
    JsonElement last = openblas.getAsJsonArray("attempts").asList().getLast();
    assertEquals("loaded", last.getAsJsonObject().get("outcome").getAsString());
  }

  @Test
  void printsEverySourceTriedAsText() {
    String text = CliRun.of("info").succeeded().out();
    JsonObject json = CliRun.of("info", "--json").json();
    assertTrue(text.contains("auto picks     " + json.get("auto").getAsString()), text);
    for (JsonElement attempt : json.getAsJsonObject("openblas").getAsJsonArray("attempts")) {
      assertTrue(text.contains(attempt.getAsJsonObject().get("source").getAsString() + ": "), text);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"info", "ntk", "infinite-ntk", "loss", "losses", "train", "reproduce"})
  void everyCommandHasHelp(String command) {
    String help = CliRun.of(command, "--help").succeeded().out();
    assertTrue(help.startsWith("Usage: contraspectra " + command + " "), help);
    assertTrue(help.contains("--debug"), help);
    assertTrue(CliRun.of("--help").succeeded().out().contains("  " + command + " "), command);
  }

  @Test
  void knowsItsVersion() {
    assertTrue(CliRun.of("--version").succeeded().out().matches("contraspectra [0-9]+\\.[0-9]+\\.[0-9]+\\S*\\R"));
  }
}
