package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Tag("slow")
@EnabledOnOs(value = OS.LINUX, disabledReason = "sends a POSIX signal and undoes an inherited disregard of it")
class InterruptionTest {

  @TempDir
  private Path folder;

  @Test
  void anInterruptKeepsWhatIsFinishedAndTheNextRunGoesOn() throws Exception {
    Path report = folder.resolve("report");
    ChildProcess run = start(report);
    awaitAFinishedCell(run, report.resolve("cells"));
    assertEquals(0, new ProcessBuilder("kill", "-INT", Long.toString(run.process().pid())).start().waitFor());
    assertEquals(ExitCodes.INTERRUPTED, run.exitCode(), run.errors());

    assertTrue(run.output().contains("inconclusive"), run.output());
    assertTrue(run.errors().contains("finished cells are kept in " + report + "; run the same command again to go on"),
        run.errors());
    assertTrue(Files.readString(report.resolve("report.html")).contains("stopped early"));
    JsonObject results = results(report);
    for (JsonElement claim : results.getAsJsonArray("claims")) {
      assertEquals("inconclusive", claim.getAsJsonObject().get("verdict").getAsString(), claim::toString);
    }

    ChildProcess again = start(report);
    assertEquals(ExitCodes.DONE, again.exitCode(), again.errors());
    assertTrue(again.errors().contains("going on: "), again.errors());
    assertFalse(Files.exists(report.resolve("cells")));
    Path whole = folder.resolve("whole");
    assertEquals(ExitCodes.DONE, start(whole).exitCode());
    for (String file : List.of("claims.csv", "drift-by-width-synthetic.csv")) {
      assertEquals(Files.readString(whole.resolve(file)), Files.readString(report.resolve(file)), file);
    }
    assertEquals(results(whole).get("claims"), results(report).get("claims"));
  }

  private ChildProcess start(Path report) throws IOException {
    // A build that runs in the background of a shell ignores interrupts, and so would its children.
    var command = new ArrayList<>(List.of("/usr/bin/env", "--default-signal=INT"));
    command.addAll(ChildProcess.java("-Djava.awt.headless=true", Main.class.getName(), "reproduce", "ntk-drift",
        "--quick", "--data", "synthetic", "--seeds", "3", "--out", report.toString()));
    return ChildProcess.start(folder, Map.of("HOME", System.getProperty("user.home")), command);
  }

  private static void awaitAFinishedCell(ChildProcess run, Path cells) throws Exception {
    while (!Files.isDirectory(cells)) {
      assertTrue(run.process().isAlive(), run.errors());
      Thread.sleep(20);
    }
  }

  private static JsonObject results(Path report) throws IOException {
    return JsonParser.parseString(Files.readString(report.resolve("results.json"))).getAsJsonObject();
  }
}
