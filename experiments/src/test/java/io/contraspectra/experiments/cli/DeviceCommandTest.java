package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.contraspectra.core.data.IfExists;
import io.contraspectra.core.data.Npy;
import io.contraspectra.core.data.NpyArray;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on the emulated device that the tests of the core have compiled; skipped where there is none. */
class DeviceCommandTest {

  @TempDir
  private Path folder;

  @Test
  void theGramIsTheSameOnADevice() throws Exception {
    Path out = folder.resolve("gram.npy");
    JsonObject json = run(Map.of(), 0, "--out", out.toString());
    assertEquals("cuda", json.get("backend").getAsString());
    Golden.assertClose(Golden.array("shared-ntk2-erf", "theta"), Npy.read(out), 1e-12);
  }

  /** A kernel of 26 MB beside a device that has 20 MB left for it. */
  @Test
  void aGramWithoutRoomOnTheDeviceGoesToTheHost() throws Exception {
    var random = new Random(1);
    Path model = Golden.npz(folder.resolve("net.npz"), Map.of("W1", normal(random, 8, 3), "W2", normal(random, 6, 8),
        "activation", NpyArray.of("tanh")));
    Path x = folder.resolve("x.npy");
    Npy.write(x, IfExists.REFUSE, normal(random, 300, 3));
    var small = Map.of("EMULATED_MEMORY", "160000000");
    Path sent = folder.resolve("sent.npy");
    Path whole = folder.resolve("whole.npy");
    JsonObject json = run(small, 0, "--model", model.toString(), "--input", x.toString(), "--out", sent.toString());
    assertEquals("cuda", json.get("backend").getAsString());
    CliRun.of("ntk", "--backend", "cpu", "--model", model, "--input", x, "--out", whole).succeeded();
    Golden.assertClose(Npy.read(whole), Npy.read(sent), 1e-12);
  }

  private static NpyArray normal(Random random, int rows, int cols) {
    return NpyArray.of(random.doubles((long) rows * cols).map(unused -> random.nextGaussian()).toArray(), rows, cols);
  }

  /** Of a smooth activation: ReLU's slope of a unit near zero may turn over, which costs a kernel per cents. */
  @Test
  void tf32IsRefusedByADeviceThatHasNone() throws Exception {
    run(Map.of(), ExitCodes.UNAVAILABLE, "--math", "tf32", "--dtype", "f32");
    JsonObject json = run(Map.of("EMULATED_CAPABILITY", "80"), 0, "--math", "tf32", "--dtype", "f32");
    double exact = run(Map.of(), 0, "--dtype", "f32").get("frobenius").getAsDouble();
    double error = Math.abs(json.get("frobenius").getAsDouble() / exact - 1);
    assertTrue(error > 0 && error < 1e-3, "relative error of the norm " + error);
  }

  private JsonObject run(Map<String, String> environment, int code, String... more) throws Exception {
    Path emulator = emulator();
    var arguments = new ArrayList<>(List.of("-Dcontraspectra.cuda.driver=" + emulator,
        "-Dcontraspectra.cuda.home=" + emulator, "-Dcontraspectra.cache=" + emulator.resolve("cache"),
        "--enable-native-access=ALL-UNNAMED", Main.class.getName(), "ntk", "--backend", "cuda", "--json"));
    arguments.addAll(List.of(more));
    if (!arguments.contains("--model")) {
      arguments.addAll(List.of("--model", Golden.twoLayers(folder, "shared-ntk2-erf", "erf").toString(),
          "--input", Golden.npy(folder, "shared-ntk2-erf", "X").toString()));
    }
    // The emulator compiles kernels with the C++ compiler, which looks for its parts on the path.
    var withPath = new HashMap<>(environment);
    withPath.put("PATH", System.getenv().getOrDefault("PATH", ""));
    ChildProcess child = ChildProcess.start(folder, withPath, ChildProcess.java(arguments.toArray(String[]::new)));
    assertEquals(code, child.exitCode(), child.errors());
    return code == 0 ? JsonParser.parseString(child.output()).getAsJsonObject() : new JsonObject();
  }

  private static Path emulator() throws IOException {
    Path target = Path.of("..", "core", "target").toAbsolutePath().normalize();
    Optional<Path> emulator = Optional.empty();
    if (Files.isDirectory(target)) {
      try (Stream<Path> folders = Files.list(target)) {
        emulator = folders.filter(path -> Files.exists(path.resolve("libcuda.so.1")))
            .max(Comparator.comparingLong(path -> path.toFile().lastModified()));
      }
    }
    assumeTrue(emulator.isPresent(), "no emulated device in " + target + "; the tests of the core compile it");
    return emulator.orElseThrow();
  }
}
