package io.contraspectra.experiments.cli;

import java.io.PrintWriter;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;

/** Where the launcher enters. */
public final class Main {

  // Held here, or the level would go with the logger. What the library logs for embedders, 'info' shows on demand.
  private static final Logger LIBRARY = Logger.getLogger("io.contraspectra");

  private Main() {}

  public static void main(String[] args) {
    LIBRARY.setLevel(Level.WARNING);
    PromptExit.install();
    var out = new PrintWriter(System.out, false, System.out.charset());
    var err = new PrintWriter(System.err, true, System.err.charset());
    int code = run(out, err, args);
    if (!Interruption.requested()) {
      System.exit(code);
    }
    // Otherwise the JVM is going down already, and exit would wait for it for ever.
  }

  /**
   * Runs one command.
   *
   * @param out where results go
   * @param err where progress, warnings and errors go
   * @return the exit code, one of {@link ExitCodes}
   */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    return run(new CommandLine(new ContraSpectraCommand()), out, err, args);
  }

  /** Runs a command line of any root the way this program does. */
  static int run(CommandLine command, PrintWriter out, PrintWriter err, String... args) {
    try {
      return configured(command).setOut(out).setErr(err).execute(args);
    } finally {
      out.flush();
      err.flush();
      Interruption.disarm();
    }
  }

  private static CommandLine configured(CommandLine command) {
    return command
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Misuse::explain)
        .setExecutionExceptionHandler(Failures::execution);
  }
}
