package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.data.IfExists;
import io.contraspectra.core.data.Npy;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(value = OS.LINUX, disabledReason = "sends a POSIX signal and undoes an inherited disregard of it")
class PromptExitTest {

  // Takes some seconds to decompose on many cores, too.
  private static final int ROWS = 5000;

  @TempDir
  private Path folder;

  @Test
  void anInterruptEndsADecompositionThatThreadsShare() throws Exception {
    Path file = folder.resolve("a.npy");
    Path out = folder.resolve("out.npz");
    writeMatrix(file);
    // A build that runs in the background of a shell ignores interrupts, and so would its children.
    var command = new ArrayList<>(List.of("/usr/bin/env", "--default-signal=INT"));
    command.addAll(ChildProcess.java("--enable-native-access=ALL-UNNAMED", Main.class.getName(), "spectrum", "--all",
        "--matrix", file.toString(), "--out", out.toString()));
    ChildProcess run =
        ChildProcess.start(folder, Map.of("HOME", System.getProperty("user.home")), command);
    Thread.sleep(2500);
    assertEquals(0, new ProcessBuilder("kill", "-INT", Long.toString(run.process().pid())).start().waitFor());
    assertEquals(ExitCodes.INTERRUPTED, run.exitCode(), run.errors());
    assertFalse(Files.exists(out));
  }

  /** Ones on the diagonal, and beside it what makes all eigenvalues different. */
  private static void writeMatrix(Path file) {
    try (Backend backend = Backends.cpu(); Matrix matrix = backend.zeros(DType.F32, ROWS, ROWS)) {
      var row = new double[ROWS * ROWS];
      for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < ROWS; j++) {
          row[i * ROWS + j] = i == j ? 1 + 1e-3 * i : 1.0 / (1 + i + j);
        }
      }
      matrix.copyFrom(row);
      Npy.write(file, IfExists.REFUSE, matrix);
    }
  }
}
