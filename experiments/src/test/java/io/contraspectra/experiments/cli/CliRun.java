package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.contraspectra.core.matrix.MemoryLedger;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * One run of the command line in this JVM. However it ends, it must have closed all off-heap memory.
 *
 * @param code the exit code
 * @param out what came on standard output
 * @param err what came on standard error
 */
record CliRun(int code, String out, String err) {

  /** Runs the program; arguments may be anything whose text is the argument. */
  static CliRun of(Object... arguments) {
    return of(new CommandLine(new ContraSpectraCommand()), arguments);
  }

  /** Runs another root the way the program is run. */
  static CliRun of(CommandLine command, Object... arguments) {
    long open = MemoryLedger.openBlocks();
    var out = new StringWriter();
    var err = new StringWriter();
    int code = Main.run(command, new PrintWriter(out), new PrintWriter(err),
        Stream.of(arguments).map(Object::toString).toArray(String[]::new));
    assertEquals(open, MemoryLedger.openBlocks(), "blocks left open; " + err);
    return new CliRun(code, out.toString(), err.toString());
  }

  /** This run, which must have ended well and without a word on standard error. */
  CliRun succeeded() {
    assertEquals("", err);
    assertEquals(ExitCodes.DONE, code);
    return this;
  }

  /** The one object on standard output of a run that ended well; trailing text is an error. */
  JsonObject json() {
    succeeded();
    return JsonParser.parseString(out).getAsJsonObject();
  }

  List<String> errorLines() {
    return err.lines().toList();
  }
}
