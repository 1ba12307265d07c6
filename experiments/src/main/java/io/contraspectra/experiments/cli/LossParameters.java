package io.contraspectra.experiments.cli;

import io.contraspectra.core.loss.TripletLoss;
import io.contraspectra.core.matrix.InvalidArgument;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The constants of a loss. */
final class LossParameters {

  private static final String TAU = "tau";

  @Option(names = "--param", paramLabel = "KEY=VALUE",
      description = "A constant of the loss, e.g. tau=0.5; may be repeated.")
  private Map<String, Double> parameters = new LinkedHashMap<>();

  @Option(names = "--tau", paramLabel = "T", description = "Short for --param tau=T (default 1).")
  private @Nullable Double tau;

  /** The loss of a name with these constants. Losses without a temperature accept one and ignore it. */
  TripletLoss loss(String name) {
    for (String key : parameters.keySet()) {
      if (!key.equals(TAU)) {
        throw InvalidArgument.unknown("parameter of " + name, key, List.of(TAU));
      }
    }
    return TripletLoss.named(name, tau != null ? tau : parameters.getOrDefault(TAU, 1.0));
  }
}
