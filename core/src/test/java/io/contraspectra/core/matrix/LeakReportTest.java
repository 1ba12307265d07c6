package io.contraspectra.core.matrix;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A forgotten block is reported with the place of its allocation. In a JVM of its own: tracking is chosen at start. */
@Timeout(60)
class LeakReportTest {

  @Test
  void forgottenBlockIsReportedWithItsAllocation() throws IOException {
    List<String> report = outputUntil("LeakingProgram.main", "-Dcontraspectra.track=true");
    assertTrue(report.stream().anyMatch(line -> line.contains("4711 bytes allocated, never closed")), report::toString);
    assertTrue(report.stream().anyMatch(line -> line.contains("LeakingProgram.forgetToClose")), report::toString);
  }

  private static List<String> outputUntil(String last, String option) throws IOException {
    Process child = new ProcessBuilder(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), option, "-Xmx64m",
        "-cp", classes(Memory.class) + File.pathSeparator + classes(LeakingProgram.class),
        LeakingProgram.class.getName()).redirectErrorStream(true).start();
    var lines = new ArrayList<String>();
    try (var output = child.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        lines.add(line);
        if (line.contains(last)) {
          break;
        }
      }
    } finally {
      child.destroy();
    }
    return lines;
  }

  // The folder from which a class was loaded: main and test classes are one module here, but lie in two folders.
  private static Path classes(Class<?> type) {
    Path file = Path.of(URI.create(type.getResource(type.getSimpleName() + ".class").toString()));
    return file.resolve("../".repeat(type.getName().split("\\.").length)).normalize();
  }
}
