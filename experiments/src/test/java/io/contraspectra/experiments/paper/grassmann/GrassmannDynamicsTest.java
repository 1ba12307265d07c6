package io.contraspectra.experiments.paper.grassmann;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.MemoryLedger;
import io.contraspectra.experiments.paper.ExperimentSettings;
import io.contraspectra.experiments.paper.ProgressListener;
import io.contraspectra.experiments.paper.Provenance;
import io.contraspectra.experiments.report.Claim;
import io.contraspectra.experiments.report.Figure;
import io.contraspectra.experiments.report.Report;
import io.contraspectra.experiments.report.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GrassmannDynamicsTest {

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
  void whatItCannotUseIsRefused() {
    assertTrue(refusal("synthetic", DType.F32).contains("leave --dtype at f64"));
    assertTrue(refusal("mnist.csv", DType.F64).contains("give --data synthetic, digits"));
  }

  private static String refusal(String data, DType dtype) {
    return assertThrows(InvalidArgument.class, () -> run(data, dtype, ProgressListener.NONE)).getMessage();
  }

  private static Report run(String data, DType dtype, ProgressListener progress) {
    var settings = new ExperimentSettings(
        data.isEmpty() ? Optional.empty() : Optional.of(data), 1, 0, true, dtype);
    try (Backend backend = Backends.select("cpu")) {
      return new GrassmannDynamics().run(settings, backend, progress, new Provenance("test", "test"));
    }
  }
}
