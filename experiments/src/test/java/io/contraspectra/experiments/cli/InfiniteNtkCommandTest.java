package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import io.contraspectra.core.data.NpyArray;
import io.contraspectra.core.data.Npz;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InfiniteNtkCommandTest {

  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource({
      "shared-inf-unit, erf, 2", "shared-inf-unit, gelu, 3", "shared-inf-unit, erf, 4",
      "shared-inf-bias, gelu, 2", "shared-inf-bias, erf, 3", "shared-inf-bias, relu, 4"})
  void writesBothKernels(String archive, String activation, int layers) {
    Path out = folder.resolve("kernels.npz");
    CliRun run = CliRun.of("infinite-ntk", "--input", Golden.npy(folder, archive, "X"), "--layers", layers,
        "--activation", activation, "--input-scale", Golden.array(archive, "in_scale").toDouble(),
        "--bias-variance", Golden.array(archive, "sb2").toDouble(), "--out", out).succeeded();
    assertEquals("", run.out());
    String golden = activation + "_L" + layers;
    try (Npz kernels = Npz.open(out)) {
      assertEquals(Set.of("ntk", "nngp"), kernels.names());
      Golden.assertClose(Golden.array(archive, golden + "_nngp"), kernels.get("nngp"), 1e-11);
      // ReLU's slope is ill-conditioned between nearly parallel inputs.
      Golden.assertClose(Golden.array(archive, golden + "_ntk"), kernels.get("ntk"),
          activation.equals("relu") ? 2e-7 : 1e-11);
    }
  }

  @Test
  void printsNormsWithDefaultScaleAndBias() {
    JsonObject json = CliRun.of("infinite-ntk", "--input", Golden.npy(folder, "shared-inf-unit", "X"), "--layers", 3,
        "--activation", "erf", "--json").json();
    assertEquals(Set.of("shape", "ntk_frobenius", "nngp_frobenius", "backend", "dtype"), json.keySet());
    assertEquals("[7,7]", json.get("shape").toString());
    Golden.assertClose(
        norm(Golden.array("shared-inf-unit", "erf_L3_ntk")), json.get("ntk_frobenius").getAsDouble(), 1e-11);
    Golden.assertClose(
        norm(Golden.array("shared-inf-unit", "erf_L3_nngp")), json.get("nngp_frobenius").getAsDouble(), 1e-11);
    assertArrayEquals(new String[] {"shared-inf-unit-X.npy"}, folder.toFile().list());
  }

  private static double norm(NpyArray array) {
    return Math.sqrt(DoubleStream.of(array.toDoubles()).map(v -> v * v).sum());
  }
}
