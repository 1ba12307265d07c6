package io.contraspectra.experiments.paper.grassmann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.matrix.ContraSpectraException;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.MemoryLedger;
import io.contraspectra.experiments.paper.ExperimentSettings;
import io.contraspectra.experiments.paper.ProgressListener;
import io.contraspectra.experiments.paper.Provenance;
import io.contraspectra.experiments.report.Claim;
import io.contraspectra.experiments.report.Figure;
import io.contraspectra.experiments.report.Report;
import io.contraspectra.experiments.report.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GrassmannDynamicsTest {

  @TempDir
  private Path folder;

  @Test
  void theExactClaimsHoldForOneSeedAndNothingIsLeftOpen() {
    long before = MemoryLedger.openBlocks();
    Report report = run("synthetic", DType.F64, ProgressListener.NONE);
    assertEquals(before, MemoryLedger.openBlocks());
    Map<String, Verdict> verdicts = report.claims().stream().collect(Collectors.toMap(Claim::id, Claim::verdict));
    for (int gate : new int[] {1, 2, 3, 4, 5, 6, 7, 8, 12}) {
      assertEquals(Verdict.HOLDS, verdicts.get("grassmann:G" + gate), () -> report.claims().toString());
    }
    assertEquals(List.of("half-times", "orders", "collapse", "convergence"),
        report.figures().stream().map(Figure::name).toList());
  }

  @Test
  void stoppedBeforeItBeginsItDecidesNothing() {
    Report report = run("", DType.F64, new ProgressListener() {
      @Override
      public boolean isCancelled() {
        return true;
      }
    });
    assertTrue(report.claims().stream().allMatch(claim -> claim.verdict() == Verdict.INCONCLUSIVE));
    assertEquals(List.of(), report.figures());
  }

  @Test
  void whatItCannotUseIsRefused() throws IOException {
    assertTrue(refusal("synthetic", DType.F32).contains("leave --dtype at f64"));
    assertTrue(refusal(file("few.csv", 39, 3, true), DType.F64).contains("at least 40 rows of 2"));
    assertTrue(refusal(file("silent.csv", 60, 3, false), DType.F64).contains("label"));
  }

  @Test
  void labelledRowsOfAFileAreJudgedByWhatCollapseCosts() throws IOException {
    Claim six = run(file("six.csv", 240, 6, true), DType.F64, ProgressListener.NONE).claims().getFirst();
    assertEquals("grassmann:G11-data", six.id());
    assertEquals(Verdict.HOLDS, six.verdict(), six::toString);
    // Two classes lie on the one line that collapse leaves: nothing is lost, and the claim must not hold.
    Claim two = run(file("two.csv", 120, 2, true), DType.F64, ProgressListener.NONE).claims().getFirst();
    assertEquals(Verdict.FAILS, two.verdict(), two::toString);
  }

  /** Rows about the corners of a simplex in six dimensions, as many corners as classes. */
  private String file(String name, int rows, int classes, boolean labelled) throws IOException {
    var random = new Random(5);
    var text = new StringBuilder("a,b,c,d,e,f" + (labelled ? ",label" : "") + "\n");
    for (int i = 0; i < rows; i++) {
      int label = i % classes;
      for (int j = 0; j < 6; j++) {
        text.append(j == 0 ? "" : ",").append((j == label ? 3 : 0) + 0.5 * random.nextGaussian());
      }
      text.append(labelled ? "," + label : "").append('\n');
    }
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static String refusal(String data, DType dtype) {
    return assertThrows(ContraSpectraException.class, () -> run(data, dtype, ProgressListener.NONE)).getMessage();
  }

  private static Report run(String data, DType dtype, ProgressListener progress) {
    var settings = new ExperimentSettings(
        data.isEmpty() ? Optional.empty() : Optional.of(data), 1, 0, true, dtype);
    try (Backend backend = Backends.select("cpu")) {
      return new GrassmannDynamics().run(settings, backend, progress, new Provenance("test", "test"));
    }
  }
}
