package io.contraspectra.experiments.cli;

import io.contraspectra.core.loss.Loss;
import io.contraspectra.core.loss.Losses;
import io.contraspectra.core.matrix.InvalidArgument;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The constants of a loss. */
final class LossParameters {

  private static final String TAU = "tau";

  @Option(names = "--param", paramLabel = "KEY=VALUE",
      description = "A constant of the loss, e.g. tau=0.5; may be repeated.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(names = "--tau", paramLabel = "T", description = "Short for --param tau=T.")
  private @Nullable String tau;

  /** The loss of a name with these constants. */
  Loss loss(String name) {
    var constants = new LinkedHashMap<>(parameters);
    if (tau != null) {
      String other = constants.put(TAU, tau);
      if (other != null && !other.equals(tau)) {
        throw new InvalidArgument("--tau " + tau + " and --param tau=" + other + " contradict each other; give one");
      }
    }
    return Losses.named(name, constants);
  }

  /** The constants as they were given. */
  @Override
  public String toString() {
    return parameters + (tau == null ? "" : " tau " + tau);
  }
}
