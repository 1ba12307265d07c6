package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.contraspectra.core.data.IfExists;
import io.contraspectra.core.data.Npy;
import io.contraspectra.core.data.NpyArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpectrumCommandTest {

  @TempDir
  private Path folder;

  /** The golden eigenvalues of the NTK, of a stored Gram and of one that is formed for it. */
  @ParameterizedTest
  @CsvSource({"relu", "erf", "tanh", "softplus", "gelu"})
  void findsTheGoldenSpectrumOfTheNtk(String activation) {
    String archive = "shared-ntk2-" + activation;
    double[] eig = descending(Golden.array(archive, "eig").toDoubles());
    Path gram = Golden.npy(folder, archive, "theta");
    Path model = Golden.twoLayers(folder, archive, activation);
    Path x = Golden.npy(folder, archive, "X");
    check(eig, "--matrix", gram, "--all");
    check(eig, "--model", model, "--input", x, "--all");
    check(Arrays.copyOf(eig, 3), "--model", model, "--input", x, "--top", 3);
    check(Arrays.copyOf(eig, 3), "--matrix", gram, "--top", 3, "--method", "full", "--tol", 1e-12);
  }

  @ParameterizedTest
  @CsvSource({"shared-mlp-L3-relu, relu", "shared-mlp-L3-erf-bias, erf", "shared-mlp-L4-tanh-bias, tanh"})
  void findsTheGoldenSpectrumOfDeepNetworks(String archive, String activation) {
    double[] eig = descending(Golden.array(archive, "eig").toDoubles());
    check(Arrays.copyOf(eig, 4), "--model", Golden.archive(archive), "--activation", activation, "--input",
        Golden.npy(folder, archive, "X"), "--top", 4, "--kind", "full");
  }

  private JsonObject check(double[] expected, Object... arguments) {
    Path out = folder.resolve("pairs.npz");
    var all = new ArrayList<Object>(List.of("spectrum", "--out", out, "--force", "--json"));
    all.addAll(List.of(arguments));
    JsonObject json = CliRun.of(all.toArray()).json();
    assertArrayEquals(expected, Golden.array(out, "values").toDoubles(), 1e-12 * expected[0]);
    double[] residuals = Golden.array(out, "residuals").toDoubles();
    assertEquals(expected.length, residuals.length);
    assertTrue(Arrays.stream(residuals).allMatch(r -> r <= 1e-12), () -> Arrays.toString(residuals));
    assertEquals(Set.of("size", "count", "values", "worst_residual", "method", "form", "seconds", "backend", "dtype"),
        json.keySet());
    assertEquals(expected.length, json.get("count").getAsInt());
    return json;
  }

  /** Vectors are columns, and fulfil the equation to the residual that is reported for them. */
  @ParameterizedTest
  @ValueSource(strings = {"krylov", "randomized", "full", "auto"})
  void writesColumnsOfAKernelThatIsNotStored(String method) {
    int n = 260;
    Path model = network(8, 40, 2);
    Path x = normal("x.npy", n, 8);
    Path gram = folder.resolve("gram.npy");
    Path out = folder.resolve("pairs.npz");
    CliRun.of("ntk", "--model", model, "--input", x, "--kind", "trace", "--out", gram).succeeded();
    JsonObject json = CliRun.of("spectrum", "--model", model, "--input", x, "--kind", "trace", "--top", 5, "--method",
        method, "--out", out, "--json", "--repeat", 1).json();
    double[] a = Npy.read(gram).toDoubles();
    double[] values = Golden.array(out, "values").toDoubles();
    double[] residuals = Golden.array(out, "residuals").toDoubles();
    NpyArray vectors = Golden.array(out, "vectors");
    assertArrayEquals(new long[] {n, 5}, vectors.shape());
    for (int v = 0; v < 5; v++) {
      double residual = residual(a, vectors.toDoubles(), values[v], v) / values[0];
      assertEquals(residuals[v], residual, 1e-11);
      assertTrue(residual <= (method.equals("randomized") ? 2e-2 : 1e-9), "residual " + residual);
    }
    assertEquals(method.equals("auto") ? "krylov" : method, json.get("method").getAsString());
    String form = json.get("form").getAsString();
    assertTrue(method.equals("full") ? form.equals("stored") : form.contains("flops expected"), form);
    assertFalse(method.equals("full") ? false : form.startsWith("stored"), form);
  }

  private static double residual(double[] a, double[] columns, double value, int column) {
    int n = (int) Math.sqrt(a.length);
    double square = 0;
    for (int i = 0; i < n; i++) {
      double image = 0;
      for (int j = 0; j < n; j++) {
        image += a[i * n + j] * columns[j * 5 + column];
      }
      square += Math.pow(image - value * columns[i * 5 + column], 2);
    }
    return Math.sqrt(square);
  }

  @Test
  void saysInWordsWhatItFound() {
    Path gram = Golden.npy(folder, "shared-ntk2-relu", "theta");
    Path out = folder.resolve("pairs.npz");
    CliRun run = CliRun.of("spectrum", "--matrix", gram, "--top", 2, "--out", out).succeeded();
    assertTrue(run.out().startsWith("spectrum: 2 of 18 pairs, full on cpu (stored): "), run.out());
    assertTrue(run.out().contains(", written to " + out), run.out());
    assertTrue(Files.exists(out));
  }

  @Test
  void endsWithOneWhereTheToleranceIsOutOfReach() {
    int n = 300;
    var random = new Random(2);
    var a = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        a[i * n + j] = a[j * n + i] = random.nextGaussian();
      }
    }
    Path file = folder.resolve("wigner.npy");
    Npy.write(file, IfExists.REFUSE, NpyArray.of(a, n, n));
    for (String method : List.of("randomized", "full")) {
      CliRun run = CliRun.of("spectrum", "--matrix", file, "--top", 3, "--method", method, "--tol", 1e-17, "--json");
      assertEquals(ExitCodes.DID_NOT_HOLD, run.code());
      assertEquals("", run.out());
      assertTrue(run.err().contains("residuals") && run.errorLines().size() <= 3, run.err());
    }
  }

  private Path network(int inputs, int width, int outputs) {
    var arrays = new LinkedHashMap<String, NpyArray>();
    arrays.put("W1", NpyArray.of(gaussian(1, width * inputs), width, inputs));
    arrays.put("W2", NpyArray.of(gaussian(2, outputs * width), outputs, width));
    arrays.put("activation", NpyArray.of("relu"));
    return Golden.npz(folder.resolve("net.npz"), arrays);
  }

  private Path normal(String name, int rows, int cols) {
    Path file = folder.resolve(name);
    Npy.write(file, IfExists.REFUSE, NpyArray.of(gaussian(3, rows * cols), rows, cols));
    return file;
  }

  private static double[] gaussian(long seed, int count) {
    var random = new Random(seed);
    return IntStream.range(0, count).mapToDouble(_ -> random.nextGaussian()).toArray();
  }

  private static double[] descending(double[] ascending) {
    return IntStream.range(0, ascending.length).mapToDouble(i -> ascending[ascending.length - 1 - i]).toArray();
  }
}
