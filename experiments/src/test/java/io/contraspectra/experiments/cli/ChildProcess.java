package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that runs beside this JVM, its streams in files.
 *
 * @param process the program
 * @param out where its standard output goes
 * @param err where its standard error goes
 */
record ChildProcess(Process process, Path out, Path err) {

  /**
   * Starts a program.
   *
   * @param folder its working directory, in which the files of its streams are kept
   * @param environment all its environment
   */
  static ChildProcess start(Path folder, Map<String, String> environment, List<String> command) throws IOException {
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    var builder = new ProcessBuilder(command).directory(folder.toFile())
        .redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return new ChildProcess(builder.start(), out, err);
  }

  /** A JVM like this one with everything of this project on its class path, where no module needs a flag. */
  static List<String> java(String... arguments) {
    String path = Stream.of("jdk.module.path", "java.class.path").map(property -> System.getProperty(property, ""))
        .filter(entries -> !entries.isEmpty()).reduce((a, b) -> a + File.pathSeparator + b).orElseThrow();
    var command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--class-path", path));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Waits for its end. */
  int exitCode() throws InterruptedException {
    boolean ended = process.waitFor(2, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly();
    }
    assertTrue(ended, "it runs for ever");
    return process.exitValue();
  }

  /** Waits for its end with this code; what it had to say, line by line. */
  List<String> errorsAfterExit(int code) throws IOException, InterruptedException {
    assertEquals(code, exitCode(), errors());
    return errors().lines().toList();
  }

  String output() throws IOException {
    return Files.readString(out);
  }

  String errors() throws IOException {
    return Files.readString(err);
  }
}
