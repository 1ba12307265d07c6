package io.contraspectra.experiments.cli;

import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/** {@code --debug}, on every command. */
final class DebugOption {

  private static final String NAME = "--debug";

  @Option(names = NAME, description = "Print the stack trace of an error.")
  private boolean on;

  /** Whether the innermost command that was parsed has the option set. */
  static boolean isOn(ParseResult parsed) {
    ParseResult innermost = parsed;
    while (innermost.hasSubcommand()) {
      innermost = innermost.subcommand();
    }
    return innermost.hasMatchedOption(NAME);
  }
}
