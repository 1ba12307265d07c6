package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.data.IfExists;
import io.contraspectra.core.data.Npy;
import io.contraspectra.core.data.NpyArray;
import io.contraspectra.core.data.Npz;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code train --data mixture:FILE} and {@code embed --method fisher}: both find the Fisher subspace. */
class MixtureHooksTest {

  private static final Path GMM = Path.of("..", "core", "src", "test", "resources", "golden", "spec", "shared-gmm.npz");
  private static final String TRAIN = "train --widths 6,2 --activation identity --steps 40 --optimizer lbfgs ";

  @TempDir
  private Path folder;

  private static CliRun run(String line) {
    return CliRun.of((Object[]) line.split(" +"));
  }

  private double sineTo(NpyArray projector, NpyArray directions) {
    Path first = folder.resolve("projector.npy");
    Path second = folder.resolve("directions.npy");
    Npy.write(first, IfExists.REPLACE, projector);
    Npy.write(second, IfExists.REPLACE, directions);
    return Math.sin(CliRun.of("compare", first, second, "--json").json().getAsJsonArray("angles").get(1).getAsDouble());
  }

  @ParameterizedTest
  @CsvSource({"infonce-dot --param tau=1, 0.2", "dot-logistic, 1"})
  void trainsOnPairsOfAMixture(String loss, double sine) {
    Path out = folder.resolve("net.npz");
    assertEquals(0, run(TRAIN + "--data mixture:" + GMM + " --loss " + loss + " --out " + out).code());
    try (Npz net = Npz.open(out)) {
      assertTrue(sineTo(Golden.array(GMM, "fisher_proj"), Golden.transposed(net.get("W1"))) <= sine);
    }
  }

  @Test
  void embedsLabelledSamplesInTheirFisherSubspace() {
    Path x = folder.resolve("x.npy");
    Path y = folder.resolve("y.npy");
    Path out = folder.resolve("out.npz");
    Npy.write(x, IfExists.REPLACE, Golden.array(GMM, "X"));
    Npy.write(y, IfExists.REPLACE, Golden.array(GMM, "y"));
    run("embed --method fisher --dims 2 --input " + x + " --labels " + y + " --out " + out);
    try (Npz npz = Npz.open(out)) {
      Golden.assertClose(Golden.array(GMM, "lda_evals"), npz.get("values"), 1e-8);
      assertTrue(sineTo(Golden.array(GMM, "lda_proj"), npz.get("weights")) <= 1e-8);
    }
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      w       | .2,.3,.4    | 3     | Gaussian mixture: weights [0.2, 0.3, 0.4] of sum
      w       | .5,.5       | 2     | Gaussian mixture: the means (3x2) must have one row for each of the 2 weights
      sigma   | 1,1,1,1     | 2,2   | Gaussian mixture: a covariance is singular
      sigma   | 1,0,2,1     | 2,2   | Gaussian mixture: the covariance (2x2) is not symmetric
      sigma   | 1           | 1,1   | Gaussian mixture: the covariance (1x1) must be 2x2
      sigma   | 1,2         | 2     | array sigma has shape [2]; give (d, d) or (K, d, d)
      delta   | 1.5         | 1     | delta is 1.5 and n is 1000.0; delta must be from 0 to 1
      n       | 0           | 1     | delta is 1.0 and n is 0.0; delta must be from 0 to 1, n at least 1
      """)
  void refusesWhatIsNoMixture(String name, String values, String shape, String expected) {
    Map<String, NpyArray> arrays = new HashMap<>(Map.of("w", array(".2,.3,.5", "3"), "mu", array("1,0,0,1,-1,0", "3,2"),
        "sigma", array("1,0,0,1", "2,2")));
    arrays.put(name, array(values, shape));
    Path file = Golden.npz(folder.resolve("mixture.npz"), arrays);
    assertRefused("--data mixture:" + file + " --loss infonce-dot", file + ": " + expected);
  }

  private static NpyArray array(String values, String shape) {
    return NpyArray.of(Arrays.stream(values.split(",")).mapToDouble(Double::parseDouble).toArray(),
        Arrays.stream(shape.split(",")).mapToLong(Long::parseLong).toArray());
  }

  @Test
  void refusesWhatDoesNotGoTogether() {
    assertRefused("--data mixture:" + folder.resolve("none.npz") + " --loss infonce-dot",
        folder.resolve("none.npz") + " does not exist; check the path");
    assertRefused("--data mixture:" + GMM + " --loss infonce-dot --augment noise=.1",
        "--data mixture: gives the arrays as they are; drop --augment");
    Path partial = Golden.npz(folder.resolve("partial.npz"), Map.of("w", array("1", "1"), "mu", array("1,2", "1,2")));
    assertRefused("--data mixture:" + partial + " --loss infonce-dot", partial + " has no array 'sigma'");
  }

  private static void assertRefused(String arguments, String expected) {
    CliRun run = run(TRAIN + arguments);
    assertEquals(ExitCodes.BAD_INPUT, run.code(), run.err());
    assertTrue(run.err().startsWith("contraspectra train: " + expected), run.err());
    assertTrue(run.errorLines().size() <= 3, run.err());
  }
}
