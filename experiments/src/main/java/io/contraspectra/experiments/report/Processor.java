package io.contraspectra.experiments.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The processor's name, which Java itself does not know. */
final class Processor {
  private static final Path CPUINFO = Path.of("/proc/cpuinfo");

  private Processor() {}

  /** The model as the kernel names it, or the bare architecture where there is no such file. */
  static String model() {
    return model(CPUINFO);
  }

  static String model(Path cpuinfo) {
    var architecture = System.getProperty("os.arch");
    if (!Files.isReadable(cpuinfo)) {
      return architecture;
    }
    try (var lines = Files.lines(cpuinfo)) {
      return lines.filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(architecture);
    } catch (IOException _) {
      return architecture;
    }
  }
}
