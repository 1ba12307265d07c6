package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
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
  void anInterruptKeepsWhatIsFinished() throws Exception {
    Path report = folder.resolve("report");
    // A build that runs in the background of a shell ignores interrupts, and so would its children.
    var command = new ArrayList<>(List.of("/usr/bin/env", "--default-signal=INT"));
    command.addAll(ChildProcess.java("-Djava.awt.headless=true", Main.class.getName(),
        "reproduce", "ntk-drift", "--data", "digits", "--out", report.toString()));
    ChildProcess run = ChildProcess.start(folder, Map.of("HOME", System.getProperty("user.home")), command);
    Thread.sleep(4000);
    assertTrue(run.process().isAlive(), run.errors());
    assertEquals(0, new ProcessBuilder("kill", "-INT", Long.toString(run.process().pid())).start().waitFor());
    assertEquals(ExitCodes.INTERRUPTED, run.exitCode(), run.errors());

    assertTrue(run.output().contains("inconclusive"), run.output());
    assertTrue(Files.readString(report.resolve("report.html")).contains("stopped early"));
    JsonObject results = JsonParser.parseString(Files.readString(report.resolve("results.json"))).getAsJsonObject();
    for (JsonElement claim : results.getAsJsonArray("claims")) {
      assertEquals("inconclusive", claim.getAsJsonObject().get("verdict").getAsString(), claim::toString);
    }
    assertTrue(results.getAsJsonArray("notes").toString().contains("stopped early"));
  }
}
