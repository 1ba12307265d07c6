package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.contraspectra.core.data.IfExists;
import io.contraspectra.core.data.Npy;
import io.contraspectra.core.data.NpyArray;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NtkCommandTest {

  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource({"shared-mlp-L3-relu, relu", "shared-mlp-L3-erf-bias, erf", "shared-mlp-L4-tanh-bias, tanh"})
  void writesTheGramOfDeepNetworks(String archive, String activation) {
    // The archive has the names of a network file already, but the activation.
    assertGram(archive, Golden.archive(archive), "--activation", activation);
  }

  @ParameterizedTest
  @CsvSource({"relu", "erf", "tanh", "softplus", "gelu"})
  void writesTheGramOfTheTwoLayerNetwork(String activation) {
    String archive = "shared-ntk2-" + activation;
    assertGram(archive, Golden.twoLayers(folder, archive, activation));
  }

  private void assertGram(String archive, Path model, String... more) {
    Path out = folder.resolve("gram.npy");
    var arguments = new ArrayList<Object>(List.of("ntk", "--model", model, "--input",
        Golden.npy(folder, archive, "X"), "--out", out, "--json"));
    arguments.addAll(List.of(more));
    JsonObject json = CliRun.of(arguments.toArray()).json();
    NpyArray theta = Golden.array(archive, "theta");
    Golden.assertClose(theta, Npy.read(out), 1e-12);

    assertEquals(
        Set.of("shape", "seconds", "flops", "peak_bytes", "sum", "frobenius", "backend", "dtype"), json.keySet());
    assertEquals("[%d,%d]".formatted(theta.shape()[0], theta.shape()[1]), json.get("shape").toString());
    double norm = Math.sqrt(DoubleStream.of(theta.toDoubles()).map(v -> v * v).sum());
    Golden.assertClose(norm, json.get("frobenius").getAsDouble(), 1e-12);
    double sum = DoubleStream.of(theta.toDoubles()).sum();
    assertEquals(sum, json.get("sum").getAsDouble(), 1e-12 * norm * theta.shape()[0]);
    assertEquals("cpu f64", json.get("backend").getAsString() + " " + json.get("dtype").getAsString());
    assertTrue(json.get("seconds").getAsDouble() > 0 && json.get("flops").getAsDouble() > 0);
    assertTrue(json.get("peak_bytes").getAsLong() >= 8 * theta.size());
  }

  @ParameterizedTest
  @CsvSource({"relu", "erf", "tanh", "softplus", "gelu"})
  void writesTraceAndCrossKernels(String activation) {
    String archive = "shared-ntk2-" + activation;
    Path model = Golden.twoLayers(folder, archive, activation);
    Path x = Golden.npy(folder, archive, "X");
    Path trace = folder.resolve("trace.npy");
    Path cross = folder.resolve("cross.npy");
    CliRun.of("ntk", "--model", model, "--input", x, "--kind", "trace", "--out", trace, "--json").json();
    CliRun.of("ntk", "--model", model, "--input", x, "--input2", Golden.npy(folder, archive, "X2"), "--kind", "full",
        "--out", cross, "--json").json();
    Golden.assertClose(Golden.array(archive, "trace_ntk"), Npy.read(trace), 1e-12);
    Golden.assertClose(Golden.array(archive, "theta_cross"), Npy.read(cross), 1e-12);
  }

  @Test
  void computesInSinglePrecisionOnRequest() {
    Path out = folder.resolve("gram.npy");
    JsonObject json = CliRun.of("ntk", "--model", Golden.archive("shared-mlp-L3-relu"), "--activation", "relu",
        "--input", Golden.npy(folder, "shared-mlp-L3-relu", "X"), "--out", out, "--json",
        "--dtype", "F32", "--threads", 1, "--backend", "cpu", "--repeat", 2).json();
    assertEquals("f32", json.get("dtype").getAsString());
    NpyArray gram = Npy.read(out);
    assertTrue(gram.toString().contains("<f4"), gram::toString);
    Golden.assertClose(Golden.array("shared-mlp-L3-relu", "theta"), gram, 1e-6);
  }

  @Test
  void saysWhatItDidWithoutJsonAndReplacesWithForce() throws Exception {
    Path out = Files.writeString(folder.resolve("gram.npy"), "old");
    CliRun run = CliRun.of("ntk", "--model", Golden.archive("shared-mlp-L3-relu"), "--activation", "relu",
        "--input", Golden.npy(folder, "shared-mlp-L3-relu", "X"), "--out", out, "--force").succeeded();
    assertTrue(
        run.out().matches("ntk 18 x 18 f64 on cpu: .* s, Frobenius norm .*, written to .*gram.npy\\R"), run.out());
    Golden.assertClose(Golden.array("shared-mlp-L3-relu", "theta"), Npy.read(out), 1e-12);
  }

  @ParameterizedTest
  @CsvSource({"full, , theta", "trace, , trace_ntk", "full, X2, theta_cross"})
  void writesProductsOfTheKernelWithColumns(String kind, String input2, String kernel) {
    String archive = "shared-ntk2-erf";
    NpyArray theta = Golden.array(archive, kernel);
    int rows = (int) theta.shape()[0];
    int cols = (int) theta.shape()[1];
    Path v = folder.resolve("v.npy");
    Npy.write(v, IfExists.REPLACE, waves(cols, 2));
    NpyArray expected = product(theta, Npy.read(v));
    Path out = folder.resolve("products.npy");
    for (String dtype : List.of("f64", "f32")) {
      var arguments = new ArrayList<Object>(List.of("ntk", "--model", Golden.twoLayers(folder, archive, "erf"),
          "--input", Golden.npy(folder, archive, "X"), "--kind", kind, "--apply", v, "--out", out, "--force", "--json",
          "--dtype", dtype, "--memory", "8m", "--repeat", 1));
      if (input2 != null) {
        arguments.addAll(List.of("--input2", Golden.npy(folder, archive, input2)));
      }
      JsonObject json = CliRun.of(arguments.toArray()).json();
      Golden.assertClose(expected, Npy.read(out), dtype.equals("f64") ? 1e-12 : 3e-5);
      assertEquals("[%d,2]".formatted(rows), json.get("shape").toString());
      assertTrue(json.get("peak_bytes").getAsLong() <= 8 << 20);
      assertTrue(json.get("flops").getAsDouble() > 0);
    }
  }

  @Test
  void whatARefusalAsksForIsEnough() {
    String archive = "shared-ntk2-relu";
    Path x = folder.resolve("many.npy");
    Npy.write(x, IfExists.REPLACE, waves(2000, (int) Golden.array(archive, "X").shape()[1]));
    Path v = folder.resolve("v.npy");
    Npy.write(v, IfExists.REPLACE, waves(700, 3));
    Path y = folder.resolve("few.npy");
    Npy.write(y, IfExists.REPLACE, waves(700, (int) Golden.array(archive, "X").shape()[1]));
    var kernel = new ArrayList<Object>(List.of("ntk", "--model", Golden.twoLayers(folder, archive, "relu"), "--input",
        x, "--input2", y, "--kind", "trace", "--force"));
    Path gram = folder.resolve("gram.npy");
    Path product = folder.resolve("product.npy");
    run(kernel, "--out", gram, "--memory", "4g");
    run(kernel, "--apply", v, "--out", product, "--memory", "4g");
    Golden.assertClose(product(Npy.read(gram), Npy.read(v)), Npy.read(product), 1e-12);

    for (List<Object> job : List.<List<Object>>of(List.of(), List.of("--apply", v))) {
      Path whole = job.isEmpty() ? gram : product;
      Path tight = folder.resolve("tight.npy");
      var arguments = new ArrayList<>(kernel);
      arguments.addAll(job);
      CliRun refused = CliRun.of(with(arguments, "--memory", "0.3m"));
      assertEquals(ExitCodes.BAD_INPUT, refused.code());
      var enough = Pattern.compile("give --memory (\\S+) ").matcher(refused.err());
      assertTrue(enough.find(), refused.err());
      run(arguments, "--out", tight, "--memory", enough.group(1));
      assertArrayEquals(Npy.read(whole).toDoubles(), Npy.read(tight).toDoubles());
    }
  }

  private static NpyArray waves(int rows, int cols) {
    return NpyArray.of(IntStream.range(0, rows * cols).mapToDouble(i -> Math.sin(1 + 0.7 * i)).toArray(), rows, cols);
  }

  private static void run(List<Object> arguments, Object... more) {
    CliRun.of(with(arguments, more)).succeeded();
  }

  private static Object[] with(List<Object> arguments, Object... more) {
    return Stream.concat(arguments.stream(), Stream.of(more)).toArray();
  }

  private static NpyArray product(NpyArray a, NpyArray b) {
    int rows = (int) a.shape()[0];
    int inner = (int) a.shape()[1];
    int cols = (int) b.shape()[1];
    double[] left = a.toDoubles();
    double[] right = b.toDoubles();
    var product = new double[rows * cols];
    for (int i = 0; i < rows; i++) {
      for (int k = 0; k < inner; k++) {
        for (int j = 0; j < cols; j++) {
          product[i * cols + j] += left[i * inner + k] * right[k * cols + j];
        }
      }
    }
    return NpyArray.of(product, rows, cols);
  }
}
