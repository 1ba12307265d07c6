package io.contraspectra.experiments.paper.spectral;

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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpectralEquivalenceTest {

  @TempDir
  private Path folder;

  @Test
  void everyClaimOnGeneratedDataHoldsForOneSeed() {
    long before = MemoryLedger.openBlocks();
    Report report = run(new SpectralEquivalence(), "synthetic", DType.F64, ProgressListener.NONE);
    assertEquals(before, MemoryLedger.openBlocks());
    assertEquals(IntStream.rangeClosed(1, 13).mapToObj(claim -> "spectral:S" + claim).toList(),
        report.claims().stream().map(Claim::id).toList());
    assertTrue(report.claims().stream().allMatch(claim -> claim.verdict() == Verdict.HOLDS),
        () -> report.claims().toString());
    assertEquals(List.of("descents", "aligned-synthetic", "misaligned-synthetic-random",
        "misaligned-synthetic-nuisance", "misaligned-synthetic-random-few", "weak-relations"),
        report.figures().stream().map(Figure::name).toList());
  }

  /** A closed form that counts every pair of samples twice is not what descent on the loss reaches. */
  @Test
  void countingPairsTwiceFailsTheClaimOnVicRegAlone() {
    Map<String, Verdict> verdicts = verdicts(run(new SpectralEquivalence(2), "synthetic", DType.F64,
        ProgressListener.NONE));
    assertEquals(Verdict.FAILS, verdicts.remove("spectral:S1"));
    assertTrue(verdicts.values().stream().allMatch(verdict -> verdict == Verdict.HOLDS), verdicts::toString);
  }

  @Test
  void digitsAreAlignedAndMisaligned() {
    Report report = run(new SpectralEquivalence(), "digits", DType.F64, ProgressListener.NONE);
    assertEquals(IntStream.rangeClosed(14, 19).mapToObj(claim -> "spectral:S" + claim).toList(),
        report.claims().stream().map(Claim::id).toList());
    assertEquals(Verdict.HOLDS, verdicts(report).get("spectral:S16"));
  }

  @Test
  void stoppedBeforeItBeginsItDecidesNothing() {
    Report report = run(new SpectralEquivalence(), "", DType.F64, new ProgressListener() {
      @Override
      public boolean isCancelled() {
        return true;
      }
    });
    assertEquals(19, report.claims().size());
    assertTrue(report.claims().stream().allMatch(claim -> claim.verdict() == Verdict.INCONCLUSIVE));
    assertEquals(List.of(), report.figures());
  }

  @Test
  void filesOfLabelledSamplesAreTakenAndOthersRefused() throws IOException {
    Path file = folder.resolve("wine.csv");
    Files.writeString(file, "a,b,c,label\n" + IntStream.range(0, 120).mapToObj(i -> Math.sin(i) + i % 3 + ","
        + Math.cos(3.0 * i) + "," + Math.sin(7.0 * i) + "," + i % 3).collect(Collectors.joining("\n")));
    Report report = run(new SpectralEquivalence(), file.toString(), DType.F64, ProgressListener.NONE);
    assertEquals(6, report.claims().size());
    assertTrue(report.claims().stream().noneMatch(claim -> claim.verdict() == Verdict.INCONCLUSIVE));

    Path few = folder.resolve("few.csv");
    Files.writeString(few, "a,label\n1,0\n2,1\n");
    Path unlabelled = folder.resolve("unlabelled.csv");
    Files.writeString(unlabelled, "1,0\n2,1\n");
    assertTrue(refusal("synthetic", DType.F32).contains("leave --dtype at f64"));
    assertTrue(refusal(few.toString(), DType.F64).contains("2 samples of 2 classes; at least 2 classes and 20"));
    assertTrue(refusal(unlabelled.toString(), DType.F64).contains("has no labels"));
    assertTrue(refusal("nowhere.csv", DType.F64).contains("does not exist"));
  }

  private static String refusal(String data, DType dtype) {
    return assertThrows(ContraSpectraException.class,
        () -> run(new SpectralEquivalence(), data, dtype, ProgressListener.NONE)).getMessage();
  }

  private static Map<String, Verdict> verdicts(Report report) {
    return report.claims().stream().collect(Collectors.toMap(Claim::id, Claim::verdict));
  }

  private static Report run(SpectralEquivalence experiment, String data, DType dtype, ProgressListener progress) {
    var settings = new ExperimentSettings(data.isEmpty() ? Optional.empty() : Optional.of(data), 1, 0, true, dtype);
    try (Backend backend = Backends.select("cpu")) {
      return experiment.run(settings, backend, progress, new Provenance("test", "test"));
    }
  }
}
