package io.contraspectra.experiments.cli;

import io.contraspectra.core.matrix.InvalidArgument;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Answers arguments that do not parse: what is wrong, what was probably meant, where to read on. */
final class Misuse {

  private Misuse() {}

  /** Prints two or three lines, and never the whole usage: it would push the reason out of sight. */
  static int explain(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    var err = command.getErr();
    Optional<String> unknown = unknown(failure, args);
    err.println(name + ": " + unknown.map(word -> describe(command, word)).orElseGet(() -> firstLine(failure)));
    unknown.flatMap(word -> nearest(command, word)).ifPresent(known -> err.println("Did you mean " + known + "?"));
    err.println("See '" + name + " --help'.");
    err.flush();
    return ExitCodes.BAD_INPUT;
  }

  /** The word that means nothing here. A mistyped option leaves a required one missing, which picocli finds first. */
  private static Optional<String> unknown(ParameterException failure, String[] args) {
    return switch (failure) {
      case UnmatchedArgumentException unmatched -> unmatched.getUnmatched().stream().findFirst();
      case MissingParameterException _ -> Stream.of(args)
          .filter(Misuse::isOption)
          .map(arg -> arg.split("=", 2)[0])
          .filter(option -> failure.getCommandLine().getCommandSpec().findOption(option) == null)
          .findFirst();
      default -> Optional.empty();
    };
  }

  private static String describe(CommandLine command, String word) {
    boolean awaitsCommand = !command.getSubcommands().isEmpty();
    return (isOption(word) ? "unknown option" : awaitsCommand ? "unknown command" : "unexpected argument")
        + " '" + word + "'";
  }

  private static Optional<String> nearest(CommandLine command, String word) {
    List<String> known = isOption(word)
        ? command.getCommandSpec().optionsMap().keySet().stream().filter(Misuse::isOption).toList()
        : List.copyOf(command.getSubcommands().keySet());
    return known.isEmpty() ? Optional.empty() : Optional.of(InvalidArgument.nearest(word, known));
  }

  private static boolean isOption(String word) {
    return word.startsWith("--") && word.length() > 2;
  }

  private static String firstLine(ParameterException failure) {
    return failure.getMessage().lines().findFirst().orElse("bad usage");
  }
}
