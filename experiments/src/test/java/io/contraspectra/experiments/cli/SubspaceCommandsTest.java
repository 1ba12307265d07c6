package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.contraspectra.core.data.IfExists;
import io.contraspectra.core.data.Npy;
import io.contraspectra.core.data.NpyArray;
import io.contraspectra.core.data.Npz;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code compare} and {@code grassmann}: golden numbers, and what they refuse. */
class SubspaceCommandsTest {

  private static final Path DYN = Path.of("..", "core", "src", "test", "resources", "golden", "dyn");

  @TempDir
  private Path folder;

  @BeforeEach
  void makeFiles() {
    write("eye", 2, 2, 1, 0, 0, 1);
    write("frame", 2, 1, 0.6, 0.8);
    write("skew", 2, 1, 1, 0.8);
    write("oblong", 2, 3, 1, 2, 3, 4, 5, 6);
    write("nan", 2, 1, 1, Double.NaN);
    write("zero", 2, 1, 0, 0);
    write("three", 3, 1, 1, 0, 0);
    write("times", 3, 1, 0, 0.5, 2);
    write("back", 3, 1, 0, 2, 0.5);
    write("negative", 1, 1, -1);
  }

  private void write(String name, long rows, long cols, double... values) {
    Npy.write(folder.resolve(name + ".npy"), IfExists.REFUSE, NpyArray.of(values, rows, cols));
  }

  private Path golden(String archive, String array) {
    Path file = folder.resolve(archive + "-" + array + ".npy");
    Npy.write(file, IfExists.REPLACE, Golden.array(DYN.resolve(archive + ".npz"), array));
    return file;
  }

  @ParameterizedTest
  @CsvSource({"c0", "c1", "c2"})
  void comparesSubspaces(String name) {
    JsonObject json = CliRun.of("compare", golden("shared-metrics", name + "_W1"),
        golden("shared-metrics", name + "_W2"), "--json").json();
    assertEquals(Set.of("angles", "projF", "chordal", "geodesic", "procrustes", "procrustes_misfit",
        "projection_distance", "cka"), json.keySet());
    double[] angles = json.getAsJsonArray("angles").asList().stream().mapToDouble(a -> a.getAsDouble()).toArray();
    assertArrayEquals(number(name + "_angles").toDoubles(), angles, 1e-12);
    for (String distance : List.of("projF", "chordal", "geodesic", "procrustes")) {
      assertEquals(number(name + "_" + distance).toDouble(), json.get(distance).getAsDouble(), 1e-12, distance);
    }
    assertEquals(number(name + "_projF").toDouble() / Math.sqrt(6), json.get("projection_distance").getAsDouble(),
        1e-12);
  }

  private static NpyArray number(String array) {
    return Golden.array(DYN.resolve("shared-metrics.npz"), array);
  }

  @Test
  void comparesRepresentations() {
    Path a = Golden.npy(folder, "shared-orth-relu", "mA");
    Path b = Golden.npy(folder, "shared-orth-relu", "mB");
    JsonObject json = CliRun.of("compare", a, b, "--json").json();
    Golden.assertClose(Golden.array("shared-orth-relu", "m_procrustes").toDouble(),
        json.get("procrustes_misfit").getAsDouble(), 1e-9);
    Golden.assertClose(Golden.array("shared-orth-relu", "m_cka").toDouble(), json.get("cka").getAsDouble(), 1e-9);
    String text = CliRun.of("compare", a, b).succeeded().out();
    assertTrue(text.startsWith("angles: [") && text.contains("procrustes misfit: "), text);
  }

  @ParameterizedTest
  @CsvSource({"exact, Wpolar", "qr, e0_qr_W25", "polar, e0_polar_W25", "geodesic, e0_geo_W25", "oja, e0_oja_W25",
      "o2, e0_o2_W25"})
  void followsTheFlow(String method, String array) {
    NpyArray expected = flow(array);
    boolean exact = method.equals("exact");
    double eta = flow("e0_eta").toDouble();
    if (!exact) {
      write("steps", 1, 1, 25 * eta);
    }
    Path out = folder.resolve("flow-" + method + ".npz");
    var run = CliRun.of("grassmann", "--c", golden("shared-grassmann", "c2_C"), "--w0",
        golden("shared-grassmann", "c2_W0"), "--times",
        exact ? golden("shared-grassmann", "c2_times") : folder.resolve("steps.npy"), "--out", out, "--method", method,
        exact ? "--json" : "--eta=" + eta).succeeded();
    try (Npz npz = Npz.open(out)) {
      assertEquals(Set.of("W", "P", "objective"), npz.names());
      assertArrayEquals(new long[] {exact ? 7 : 1, 7, 3}, npz.get("W").shape());
      assertArrayEquals(expected.toDoubles(),
          Arrays.copyOf(npz.get("W").toDoubles(), expected.toDoubles().length), 1e-9);
      if (exact) {
        Golden.assertClose(flow("P"), npz.get("P"), 1e-10);
        Golden.assertClose(flow("obj"), npz.get("objective"), 1e-10);
        assertTrue(run.out().contains("\"objective\""), run.out());
      }
    }
  }

  private static NpyArray flow(String array) {
    return Golden.array(DYN.resolve("shared-grassmann.npz"), "c2_" + array);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      compare @frame @three     | compare: @frame.npy is (2x1), @three.npy is (3x1); both need the same number of rows
      compare @frame @nan       | compare: B @nan.npy has a NaN or infinite entry at row 1, column 0
      compare @frame @zero      | compare: subspaces: B(2x1) is zero or empty and spans nothing
      compare @frame            | compare: Missing required parameter: 'B.npy'
      compare @frame @missing   | compare: @missing.npy does not exist; check the path
      grassmann --c @oblong --w0 @frame --times @times | grassmann: -tr(WᵀCW): C(2x3) must be square
      grassmann --c @eye --w0 @skew --times @times     | grassmann: W0(2x1) must have orthonormal columns, but
      grassmann --c @eye --w0 @three --times @times    | grassmann: W0(3x1) must have as many rows as C(2x2)
      grassmann --c @eye --w0 @frame --times @back     | grassmann: --times @back.npy: time 2 is 0.5 after 2.0; give
      grassmann --c @eye --w0 @frame --times @negative | grassmann: --times @negative.npy: time 0 is -1.0 after the start
      grassmann --c @eye --w0 @frame --times @oblong   | grassmann: --times @oblong.npy is (2x3); give one row or column
      grassmann --c @eye --w0 @frame --times @times --method qq | grassmann: unknown method 'qq'; did you mean
      grassmann --c @eye --w0 @frame --times @times --method qr | grassmann: --method qr needs a step size, --eta E
      grassmann --c @eye --w0 @frame --times @times --eta 1     | grassmann: --eta means nothing to the exact flow
      grassmann --c @eye --w0 @frame --times @times --method qr --eta 0 | grassmann: flow by steps: method qr with
      """)
  void refuses(String arguments, String expected) throws IOException {
    String output = arguments.startsWith("compare") ? "" : " --out " + folder.resolve("out.npz");
    CliRun run = CliRun.of((Object[]) (arguments.replaceAll("@(\\w+)", folder + "/$1.npy") + output).split(" +"));
    assertEquals(ExitCodes.BAD_INPUT, run.code(), run.err());
    assertTrue(run.err().startsWith("contraspectra " + expected.replace("@", folder + "/")), run.err());
    assertTrue(run.errorLines().size() <= 3 && run.out().isEmpty(), run.err());
    assertTrue(!Files.exists(folder.resolve("out.npz")), "no file is written");
  }

  @Test
  void wantsSomewhereToPutTheFlow() {
    CliRun run = CliRun.of("grassmann", "--c", "c", "--w0", "w", "--times", "t");
    assertEquals(ExitCodes.BAD_INPUT, run.code());
    assertTrue(run.err().startsWith("contraspectra grassmann: give --out PATH.npz for W, P and the objective"),
        run.err());
  }
}
