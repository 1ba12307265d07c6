package io.contraspectra.experiments.cli;

import io.contraspectra.core.matrix.BackendUnavailable;
import io.contraspectra.core.matrix.ContraSpectraException;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.NotConverged;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever ends a command early into one to three lines and an exit code. */
final class Failures {

  private static final int MAX_LINES = 3;

  private Failures() {}

  /** Bad usage: what is wrong, what was probably meant, where to read on. */
  static int usage(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    String message = failure instanceof UnmatchedArgumentException unmatched
        ? unmatched(command, unmatched.getUnmatched().getFirst())
        : failure.getMessage().lines().findFirst().orElse("bad usage");
    err.println(command.getCommandSpec().qualifiedName() + ": " + message);
    err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCodes.BAD_INPUT;
  }

  /** The first argument that nobody takes; those after it may be its values. */
  private static String unmatched(CommandLine command, String argument) {
    Collection<String> commands = command.getSubcommands().keySet();
    if (argument.startsWith("-")) {
      return InvalidArgument.unknown("option", argument, command.getCommandSpec().optionsMap().keySet()).getMessage();
    }
    return commands.isEmpty()
        ? "'" + argument + "' is one argument too many; does it belong to an option?"
        : InvalidArgument.unknown("command", argument, commands).getMessage();
  }

  /** A failure while running; the stack trace is shown only with {@code --debug}. */
  static int execution(Exception failure, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (DebugOption.isOn(parsed)) {
      failure.printStackTrace(err);
    }
    return switch (failure) {
      case BackendUnavailable e -> report(command, shortened(e.getMessage()), ExitCodes.UNAVAILABLE);
      case NotConverged e -> report(command, e.getMessage(), ExitCodes.DID_NOT_HOLD);
      case ContraSpectraException e -> report(command, e.getMessage(), ExitCodes.BAD_INPUT);
      case UncheckedIOException e -> report(command, e.getMessage(), ExitCodes.ENVIRONMENT);
      case OutOfMemory e -> report(command, e.getMessage(), ExitCodes.ENVIRONMENT);
      case CancellationException _ -> report(command, "interrupted", ExitCodes.INTERRUPTED);
      default -> report(command, "internal error: " + failure + System.lineSeparator()
          + "This is a bug; run again with --debug and report what it prints.", ExitCodes.ENVIRONMENT);
    };
  }

  private static int report(CommandLine command, String message, int code) {
    command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + message);
    command.getErr().flush();
    return code;
  }

  /** Of a long list of what was tried, the beginning and the remedy at its end. */
  private static String shortened(String message) {
    List<String> lines = message.lines().toList();
    return lines.size() <= MAX_LINES ? message : String.join(System.lineSeparator(),
        lines.getFirst() + " see 'contraspectra info'", lines.getLast());
  }
}
