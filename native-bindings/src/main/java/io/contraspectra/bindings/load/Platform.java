package io.contraspectra.bindings.load;

import java.util.Locale;

/**
 * The operating system and processor that this JVM runs on.
 *
 * @param system the operating system
 * @param architecture the processor as bytedeco's artefacts write it: {@code x86_64}, {@code arm64}, …
 */
public record Platform(OperatingSystem system, String architecture) {
  /** The operating systems that libraries are named for. */
  public enum OperatingSystem {
    LINUX, MACOSX, WINDOWS
  }

  /** The platform of this JVM; a Unix that is neither Linux nor macOS is named like Linux. */
  public static Platform current() {
    return of(System.getProperty("os.name"), System.getProperty("os.arch"));
  }

  static Platform of(String osName, String osArch) {
    var system = osName.startsWith("Windows") ? OperatingSystem.WINDOWS
        : osName.startsWith("Mac") ? OperatingSystem.MACOSX
        : OperatingSystem.LINUX;
    var architecture = switch (osArch) {
      case "amd64" -> "x86_64";
      case "aarch64" -> "arm64";
      default -> osArch;
    };
    return new Platform(system, architecture);
  }

  /** The classifier of bytedeco's jars and their resource folder, for example {@code linux-x86_64}. */
  public String classifier() {
    return system.name().toLowerCase(Locale.ROOT) + "-" + architecture;
  }
}
