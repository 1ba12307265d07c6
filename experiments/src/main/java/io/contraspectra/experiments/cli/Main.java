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
    var out = new PrintWriter(System.out, false, System.out.charset());
    var err = new PrintWriter(System.err, true, System.err.charset());
    int code = run(out, err, args);
    out.flush();
    err.flush();
    boolean interrupted = Interruption.requested();
    Interruption.finished();
    if (!interrupted) {
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
    int code = commandLine().setOut(out).setErr(err).execute(args);
    out.flush();
    return code;
  }

  static CommandLine commandLine() {
    return new CommandLine(new ContraSpectraCommand())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Misuse::explain)
        .setExecutionExceptionHandler(Failures::execution);
  }
}
