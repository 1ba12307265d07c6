package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.data.IfExists;
import io.contraspectra.core.data.Npy;
import io.contraspectra.core.data.NpyArray;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * A folder of good and bad files, and what is asked of every refusal: the exit code, one to three lines, nothing on
 * standard output, and no file written or changed.
 *
 * <p>In command lines {@code @name} is a file of the test's folder; {@code …} in what is expected stands for any text.
 */
abstract class Refusals {

  @TempDir
  Path folder;

  @BeforeEach
  void makeFiles() throws IOException {
    Npy.write(folder.resolve("x.npy"), IfExists.REFUSE, ones(4, 3));
    Npy.write(folder.resolve("three.npy"), IfExists.REFUSE, ones(3, 3));
    Npy.write(folder.resolve("column.npy"), IfExists.REFUSE, ones(4, 1));
    Npy.write(folder.resolve("many.npy"), IfExists.REFUSE, ones(1000, 3));
    Npy.write(folder.resolve("cube.npy"), IfExists.REFUSE, ones(2, 2, 2));
    Npy.write(folder.resolve("nan.npy"), IfExists.REFUSE, NpyArray.of(new double[] {1, 2, 3, 4, 5, Double.NaN}, 2, 3));
    byte[] whole = Files.readAllBytes(folder.resolve("x.npy"));
    Files.write(folder.resolve("truncated.npy"), Arrays.copyOf(whole, whole.length - 8));
    Files.write(folder.resolve("short.npy"), Arrays.copyOf(whole, 20));
    Files.write(folder.resolve("lying.npy"), new String(whole, StandardCharsets.ISO_8859_1)
        .replace("(4, 3)", "(9, 9)").getBytes(StandardCharsets.ISO_8859_1));
    Files.writeString(folder.resolve("junk.npy"), "\u0093NUMPY\u0001\u0000\u0010\u0000garbage garbage garbage",
        StandardCharsets.ISO_8859_1);
    Files.writeString(folder.resolve("binary.dat"), "\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008");
    Files.createFile(folder.resolve("empty.csv"));
    Files.writeString(folder.resolve("ragged.csv"), "1,2,3\n1,2\n");
    Files.writeString(folder.resolve("words.csv"), "1,2,3\n1,two,3\n");
    Files.writeString(folder.resolve("taken.npy"), "precious");
    Files.writeString(folder.resolve("taken.csv"), "precious");
    Files.createDirectory(folder.resolve("folder"));
    NpyArray relu = NpyArray.of("relu");
    net("net", Map.of("W1", ones(5, 3), "W2", ones(2, 5), "activation", relu));
    net("one", Map.of("W1", ones(5, 3), "W2", ones(1, 5), "activation", relu));
    net("silent", Map.of("W1", ones(5, 3), "W2", ones(2, 5)));
    net("gap", Map.of("W1", ones(5, 3), "W3", ones(2, 5), "activation", relu));
    net("unfit", Map.of("W1", ones(5, 3), "W2", ones(2, 4), "activation", relu));
    net("swish", Map.of("W1", ones(5, 3), "activation", NpyArray.of("swish")));
    net("broken", Map.of("W1", ones(1, 3), "W2", NpyArray.of(new double[] {Double.NaN}, 1, 1), "activation", relu));
    Files.writeString(folder.resolve("junk.npz"), "no archive");
  }

  final void assertRefused(String arguments, String expected) throws IOException {
    assertRefused(ExitCodes.BAD_INPUT, arguments, expected);
  }

  final void assertRefused(int code, String arguments, String expected) throws IOException {
    Map<Path, String> before = files();
    CliRun run = run(arguments);
    assertEquals(code, run.code(), run.err());
    assertEquals("", run.out());
    assertTrue(matches(expected, run.err()), () -> "expected " + expected + "\nbut was  " + run.err());
    assertTrue(run.errorLines().size() <= 3, run.err());
    assertFalse(run.err().contains("Exception") || run.err().contains("internal error"), run.err());
    assertEquals(before, files());
  }

  final CliRun run(String arguments) {
    return CliRun.of(Stream.of(arguments.strip().split(" +")).filter(argument -> !argument.isEmpty())
        .map(this::inFolder).toArray());
  }

  /** Whether a text begins as expected. */
  final boolean matches(String expected, String text) {
    int at = 0;
    for (String piece : inFolder(expected).split("…")) {
      int next = text.indexOf(piece, at);
      if (next < 0 || at == 0 && next > 0) {
        return false;
      }
      at = next + piece.length();
    }
    return true;
  }

  final String inFolder(String text) {
    return text.replace("@", folder + "/");
  }

  /** Every file here with its content, folders with none. */
  final Map<Path, String> files() throws IOException {
    var files = new TreeMap<Path, String>();
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.toList()) {
        files.put(path, Files.isDirectory(path) ? "" : Files.readString(path, StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }

  private void net(String name, Map<String, NpyArray> arrays) {
    Golden.npz(folder.resolve(name + ".npz"), arrays);
  }

  static NpyArray ones(long... shape) {
    int size = IntStream.range(0, shape.length).map(axis -> (int) shape[axis]).reduce(1, (a, b) -> a * b);
    return NpyArray.of(IntStream.range(0, size).mapToDouble(_ -> 1).toArray(), shape);
  }
}
