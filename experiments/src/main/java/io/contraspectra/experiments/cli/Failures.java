package io.contraspectra.experiments.cli;

import io.contraspectra.core.matrix.BackendUnavailable;
import io.contraspectra.core.matrix.ContraSpectraException;
import io.contraspectra.core.matrix.NotConverged;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever ends a command early into one to three lines and an exit code. */
final class Failures {

  private Failures() {}

  /** Bad usage: what is wrong, what was probably meant, where to read on. */
  static int usage(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    PrintWriter err = command.getErr();
    err.println(command.getCommandSpec().qualifiedName() + ": " + firstLine(failure.getMessage()));
    if (failure instanceof UnmatchedArgumentException unmatched) {
      List<String> suggestions = unmatched.getSuggestions();
      if (!suggestions.isEmpty()) {
        err.println("Did you mean " + suggestions.getFirst() + "?");
      }
    }
    err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCodes.BAD_INPUT;
  }

  /** A failure while running; the stack trace is shown only with {@code --debug}. */
  static int execution(Exception failure, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (DebugOption.isOn(parsed)) {
      failure.printStackTrace(err);
    }
    return switch (failure) {
      case BackendUnavailable e -> report(command, e.getMessage(), ExitCodes.UNAVAILABLE);
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

  private static String firstLine(String message) {
    return message.lines().findFirst().orElse("bad usage");
  }
}
