package io.contraspectra.experiments.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Amounts of memory as people write them: {@code 4g} and {@code 512m} in binary units, a bare number in GiB. */
final class MemorySize implements ITypeConverter<Long> {

  private static final Pattern SIZE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)([kmgt]?)");
  private static final Pattern AVAILABLE = Pattern.compile("(?m)^MemAvailable:\\s+([0-9]+) kB");

  @Override
  public Long convert(String text) {
    Matcher size = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    double bytes = size.matches() ? Double.parseDouble(size.group(1)) * unit(size.group(2)) : 0;
    if (!(bytes >= 1) || bytes > Long.MAX_VALUE) {
      throw new TypeConversionException("'" + text + "' is not an amount of memory; write e.g. 4g or 512m");
    }
    return (long) bytes;
  }

  private static double unit(String suffix) {
    return switch (suffix) {
      case "k" -> 1L << 10;
      case "m" -> 1L << 20;
      case "t" -> 1L << 40;
      default -> 1L << 30;
    };
  }

  /** Bytes as an option value that means at least as much. */
  static String text(long bytes) {
    return bytes < 1L << 30
        ? Math.ceilDiv(bytes, 1L << 20) + "m"
        : String.format(Locale.ROOT, "%.1fg", Math.ceil(bytes * 10.0 / (1L << 30)) / 10);
  }

  /** What the system could give now; where it does not say, four times this JVM's heap. */
  static long available() {
    try {
      Matcher line = AVAILABLE.matcher(Files.readString(Path.of("/proc/meminfo")));
      if (line.find()) {
        return Long.parseLong(line.group(1)) << 10;
      }
    } catch (IOException e) {
      // Not Linux: the estimate below has to do.
    }
    return 4 * Runtime.getRuntime().maxMemory();
  }
}
