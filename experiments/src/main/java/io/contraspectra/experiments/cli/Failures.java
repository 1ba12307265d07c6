package io.contraspectra.experiments.cli;

import io.contraspectra.core.matrix.BackendUnavailable;
import io.contraspectra.core.matrix.ContraSpectraException;
import io.contraspectra.core.matrix.DeviceFailure;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.NotConverged;
import io.contraspectra.core.matrix.OutOfDeviceMemory;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Turns whatever ends a running command early into one to three lines and an exit code. */
final class Failures {

  private static final int MAX_LINES = 3;

  private Failures() {}

  /** A failure while running; the stack trace is shown only with {@code --debug}. */
  static int execution(Exception failure, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    if (DebugOption.isOn(parsed)) {
      failure.printStackTrace(err);
    }
    return switch (failure) {
      case BackendUnavailable e -> report(command, shortened(e.getMessage()), ExitCodes.UNAVAILABLE);
      case NotConverged e -> report(command, e.getMessage(), ExitCodes.DID_NOT_HOLD);
      case OutOfDeviceMemory e -> report(command, e.getMessage(), ExitCodes.ENVIRONMENT);
      case DeviceFailure e -> report(command, e.getMessage(), ExitCodes.ENVIRONMENT);
      case ContraSpectraException e -> report(command, e.getMessage(), ExitCodes.BAD_INPUT);
      case UncheckedIOException e -> report(command, e.getMessage(), ExitCodes.ENVIRONMENT);
      case CancellationException _ -> report(command, "interrupted", ExitCodes.INTERRUPTED);
      case Breakdown e when e.isOutOfMemory() -> report(command, e.getMessage(), ExitCodes.ENVIRONMENT);
      case Breakdown e -> bug(command, e.getMessage());
      default -> bug(command, failure.toString());
    };
  }

  private static int bug(CommandLine command, String what) {
    return report(command, "internal error: " + what + System.lineSeparator()
        + "This is a bug; run again with --debug and report what it prints.", ExitCodes.ENVIRONMENT);
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
