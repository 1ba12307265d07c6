package io.contraspectra.experiments.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What all commands share: help, {@code --debug}, the streams, and errors of the JVM as failures of the command. */
@Command(mixinStandardHelpOptions = true, versionProvider = Version.class, sortOptions = false)
abstract class AbstractCommand implements Callable<Integer> {

  @Spec
  CommandSpec spec;

  @Mixin
  private DebugOption debug;

  /**
   * Does the work.
   *
   * @return the exit code
   */
  abstract int execute();

  @Override
  public final Integer call() {
    try {
      return execute();
    } catch (Error e) {
      throw new Breakdown(e);
    }
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
