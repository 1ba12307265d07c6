package io.contraspectra.experiments.cli;

import io.contraspectra.core.matrix.InvalidArgument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The constants of an embedding. */
final class EmbedParameters {

  private static final String TAU = "tau";

  @Option(names = "--param", paramLabel = "KEY=VALUE",
      description = "A constant of the method, e.g. bandwidth2=10; may be repeated.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(names = "--tau", paramLabel = "T", description = "Short for --param tau=T.")
  private @Nullable String tau;

  /** Refuses constants that a method does not have. */
  void requireKnown(String method, List<String> known) {
    if (tau != null) {
      String other = parameters.put(TAU, tau);
      if (other != null && !other.equals(tau)) {
        throw new InvalidArgument("--tau " + tau + " and --param tau=" + other + " contradict each other; give one");
      }
    }
    for (String key : parameters.keySet()) {
      if (known.isEmpty()) {
        throw new InvalidArgument(method + " has no parameters, but --param " + key + " was given; leave it out");
      }
      if (!known.contains(key)) {
        throw InvalidArgument.unknown("parameter of " + method, key, known);
      }
    }
  }

  /** A constant, or what it is if it is not given. */
  double number(String key, DoubleSupplier byDefault) {
    String text = parameters.get(key);
    if (text == null) {
      return byDefault.getAsDouble();
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException _) {
      throw new InvalidArgument(key + " is '" + text + "'; it must be a number");
    }
  }

  /** A constant that must be given. */
  double required(String method, String key) {
    return number(key, () -> {
      throw new InvalidArgument(method + " needs its constant " + key + "; give --param " + key + "=NUMBER");
    });
  }

  /** A constant that is 0 or 1. */
  boolean flag(String key, boolean byDefault) {
    double value = number(key, () -> byDefault ? 1 : 0);
    if (value != 0 && value != 1) {
      throw new InvalidArgument(key + " is '" + parameters.get(key) + "'; it must be 0 or 1");
    }
    return value == 1;
  }
}
