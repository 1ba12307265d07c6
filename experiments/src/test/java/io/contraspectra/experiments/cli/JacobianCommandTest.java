package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.contraspectra.core.data.Npy;
import io.contraspectra.core.data.NpyArray;
import java.nio.file.Path;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JacobianCommandTest {

  @TempDir
  private Path folder;

  @ParameterizedTest
  @CsvSource({"shared-mlp-L3-relu, relu", "shared-mlp-L3-erf-bias, erf", "shared-mlp-L4-tanh-bias, tanh"})
  void writesOneBlockASample(String archive, String activation) {
    Path out = folder.resolve("j.npy");
    JsonObject json = CliRun.of("jacobian", "--model", Golden.archive(archive), "--activation", activation, "--input",
        Golden.npy(folder, archive, "X"), "--out", out, "--json", "--repeat", 1).json();
    NpyArray expected = Golden.array(archive, "J");
    NpyArray actual = Npy.read(out);
    long samples = Golden.array(archive, "X").shape()[0];
    long parameters = expected.toDoubles().length / Golden.array(archive, "F").toDoubles().length;
    long outputs = Golden.array(archive, "F").shape()[1];
    assertArrayEquals(new long[] {samples, outputs, parameters}, actual.shape());
    double scale = DoubleStream.of(expected.toDoubles()).map(Math::abs).max().orElseThrow();
    assertArrayEquals(expected.toDoubles(), actual.toDoubles(), 1e-12 * scale);
    assertEquals("[%d,%d,%d]".formatted(samples, outputs, parameters), json.get("shape").toString());
    assertTrue(json.get("seconds").getAsDouble() > 0);
    assertTrue(json.get("peak_bytes").getAsLong() >= 8L * actual.toDoubles().length);
  }

  @Test
  void computesInSinglePrecisionAndSaysWhatItDid() {
    Path out = folder.resolve("j.npy");
    CliRun run = CliRun.of("jacobian", "--model", Golden.archive("shared-mlp-L3-relu"), "--activation", "relu",
        "--input", Golden.npy(folder, "shared-mlp-L3-relu", "X"), "--dtype", "f32", "--out", out).succeeded();
    assertTrue(run.out().matches("jacobian \\d+ x \\d+ x \\d+ f32 on cpu: .* s, Frobenius norm .*, written to .*\\R"),
        run.out());
    assertTrue(Npy.read(out).toString().contains("<f4"));
  }
}
