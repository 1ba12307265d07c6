package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Work;
import io.contraspectra.core.data.IfExists;
import io.contraspectra.core.data.Npy;
import io.contraspectra.core.data.NpyArray;
import io.contraspectra.core.matrix.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands tell {@code auto} of their work before any number is read. */
class WorkEstimateTest {

  @TempDir
  private Path folder;

  /** Two layers of 50 inputs, 100 units and 3 outputs: 2 (50 + 100) + 2 · 6 · 100 flops a pair. */
  @Test
  void kernelsCountPairsOfSamples() {
    Path model = Golden.twoLayers(folder, "shared-ntk2-relu", "relu");
    Path x = Golden.npy(folder, "shared-ntk2-relu", "X");
    NpyArray samples = Npy.read(x);
    double n = samples.shape()[0];
    Work full = WorkEstimate.ntk(NtkKind.FULL, model, null, x, null, null, DType.F64);
    Work trace = WorkEstimate.ntk(NtkKind.TRACE, model, null, x, null, null, DType.F64);
    Work cross = WorkEstimate.ntk(NtkKind.FULL, model, null, x, x, null, DType.F64);
    assertTrue(full.flops() > trace.flops() && cross.flops() > full.flops(), full + " " + trace + " " + cross);
    assertTrue(full.bytes() > 8 * (samples.size() + n * n), full::toString);
    assertEquals(full.bytes(),
        2 * WorkEstimate.ntk(NtkKind.FULL, model, null, x, null, null, DType.F32).bytes(), 1e-9);
  }

  @Test
  void decompositionsGrowWithTheCube() {
    Path matrix = zeros("g.npy", 40, 40);
    assertEquals(9 * 40 * 40 * 40, WorkEstimate.matrixSpectrum(matrix, true, DType.F64).flops(), 1e-6);
    assertEquals(2 * 40 * 40 * 8, WorkEstimate.matrixSpectrum(matrix, true, DType.F64).bytes(), 1e-6);
    assertTrue(WorkEstimate.embedding(matrix, null, true, 2, DType.F64).flops() > 2 * 40 * 40 * 40);
  }

  @Test
  void whatCannotBeReadIsUnknown() throws IOException {
    Path text = Files.writeString(folder.resolve("x.npy"), "no array");
    assertEquals(Work.UNKNOWN, WorkEstimate.matrixSpectrum(text, true, DType.F64));
    assertEquals(Work.UNKNOWN, WorkEstimate.products(text, text, DType.F64));
    assertEquals(Work.UNKNOWN, WorkEstimate.jacobian(folder.resolve("none.npz"), null, text, DType.F64));
    assertEquals(Work.UNKNOWN, WorkEstimate.embedding(null, null, true, 2, DType.F64));
    Path table = Files.writeString(folder.resolve("x.csv"), "1.0000000,2.0000000\n".repeat(100));
    assertEquals(200, WorkEstimate.numbers(table), 30, "by its length");
  }

  private Path zeros(String name, int rows, int cols) {
    Path file = folder.resolve(name);
    Npy.write(file, IfExists.REFUSE, NpyArray.of(new double[rows * cols], rows, cols));
    return file;
  }
}
