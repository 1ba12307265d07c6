package io.contraspectra.experiments.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** What one command line came to, run inside this JVM. */
record Invocation(int exitCode, String out, String err) {
  static Invocation of(String... args) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err, true), args);
    return new Invocation(code, out.toString(), err.toString());
  }

  List<String> errorLines() {
    return err.lines().toList();
  }
}
