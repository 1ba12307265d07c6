package io.contraspectra.core.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.data.Samplers;
import io.contraspectra.core.loss.Losses;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.matrix.ContraSpectraException;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.TestNetworks;
import io.contraspectra.core.optimize.Optimizers;
import io.contraspectra.core.random.RandomStreams;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A damaged checkpoint is refused with a remedy, and changes nothing; or the damage is where nothing is kept. */
class DamagedCheckpointTest {

  private static final int SAMPLES = 12;
  private static final int DAMAGES = 300;

  @TempDir
  private Path folder;

  @Test
  void givesAnErrorOrTheSameState() throws IOException {
    var architecture = Architecture.ntk(Activation.TANH, 3, 5, 2);
    try (Backend backend = TestBackend.CPU_VECTOR.open();
        Matrix a = TestNetworks.inputs(backend, DType.F64, SAMPLES, 3, 1);
        Matrix b = TestNetworks.inputs(backend, DType.F64, SAMPLES, 3, 2);
        Network network = TestNetworks.gaussian(architecture, backend, DType.F64, 3);
        Towers towers = Towers.shared(network);
        var trainer = new Trainer(towers, Losses.named("simsiam-cos", Map.of()), SideArrays.NONE,
            Samplers.given(backend, List.of(a, b), SAMPLES, RandomStreams.of(4)), Descent.of(Optimizers.ADAM, 0.01),
            Constraints.NONE)) {
      var checkpoint = new Checkpoint(folder, Map.of("seed", "4"));
      trainer.run(5);
      checkpoint.write(trainer, Set.of(Metric.LOSS), List.of());
      double[] saved = towers.parameters().toArray();
      byte[] whole = Files.readAllBytes(checkpoint.file());
      var random = new SplittableRandom(5);
      int refused = 0;
      for (int i = 0; i < DAMAGES; i++) {
        trainer.run(1);
        double[] before = towers.parameters().toArray();
        Files.write(checkpoint.file(), damaged(whole, random));
        boolean isRefused = isRefused(checkpoint, trainer);
        refused += isRefused ? 1 : 0;
        assertArrayEquals(isRefused ? before : saved, towers.parameters().toArray(), "damage " + i);
        assertTrue(isRefused || trainer.step() == 5, "damage " + i);
      }
      assertTrue(refused > DAMAGES / 2, "refused " + refused);
      Files.write(checkpoint.file(), whole);
      assertEquals(List.of(), checkpoint.restore(trainer, Set.of(Metric.LOSS)));
    }
  }

  private static byte[] damaged(byte[] whole, SplittableRandom random) {
    byte[] bytes = whole.clone();
    int at = random.nextInt(bytes.length);
    if (random.nextInt(4) == 0) {
      return Arrays.copyOf(bytes, at);
    }
    bytes[at] ^= (byte) (1 << random.nextInt(8));
    return bytes;
  }

  private static boolean isRefused(Checkpoint checkpoint, Trainer trainer) {
    try {
      checkpoint.restore(trainer, Set.of(Metric.LOSS));
      return false;
    } catch (ContraSpectraException e) {
      boolean hasRemedy = e.getMessage().contains("without --resume") || e.getMessage().contains("; give the same");
      assertTrue(hasRemedy, e::getMessage);
      return true;
    }
  }
}
