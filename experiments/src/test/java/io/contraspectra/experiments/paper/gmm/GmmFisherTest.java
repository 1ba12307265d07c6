package io.contraspectra.experiments.paper.gmm;

import static io.contraspectra.experiments.report.Verdict.FAILS;
import static io.contraspectra.experiments.report.Verdict.HOLDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.matrix.MemoryLedger;
import io.contraspectra.core.random.RandomStreams;
import io.contraspectra.experiments.paper.ExperimentSettings;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.ProgressListener;
import io.contraspectra.experiments.paper.Provenance;
import io.contraspectra.experiments.paper.Studies;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.paper.gmm.GmmSettings.Target;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GmmFisherTest {

  private static final GmmSettings TINY = new GmmSettings(List.of(1., 8.), List.of(5), List.of(1., .05),
      List.of(300, 3000), List.of(2000), List.of(8), List.of(1000), List.of(9), List.of(1.), List.of(4),
      List.of(1., .1), 1, Target.FISHER);

  @Test
  void allClaimsHoldForOneSeed() {
    long before = MemoryLedger.openBlocks();
    Report report = run("", DType.F64, ProgressListener.NONE);
    assertEquals(before, MemoryLedger.openBlocks());
    assertTrue(report.claims().stream().allMatch(claim -> claim.verdict() == HOLDS),
        () -> report.claims().toString());
    assertEquals(List.of("P1", "P2", "P3", "P4", "P5", "P6", "P7", "T1", "T2", "T3", "T4", "T5", "T6", "T7",
        "T8-digits", "T8-wine"), report.claims().stream().map(claim -> claim.id().substring("gmm:".length())).toList());
    assertEquals(List.of("augmentations", "augmentation-clusters", "samples", "digits", "digits-pairs", "clip", "noise",
        "dimensions", "generic", "batches", "batch-norms", "simsiam", "small-delta"),
        report.figures().stream().map(Figure::name).toList());
  }

  /** The span of the means is what the Fisher subspace becomes where the scaling by the covariance is forgotten. */
  @Test
  void theWrongScalingFailsContainment() {
    assertEquals(Map.of("gmm:P1", FAILS), verdicts(new ContainmentStudy(TINY.withTarget(Target.MEANS_BY_MISTAKE))));
  }

  @Test
  void augmentationsThatLeaveTheComponentFailWhatIsSaidOfCleanOnes() {
    GmmSettings broken = TINY.withClean(0.05);
    assertEquals(Map.of("gmm:T1", FAILS), verdicts(new NoiseStudy(broken)));
    assertEquals(Map.of("gmm:T2", FAILS), verdicts(new DimensionStudy(broken)));
    assertEquals(Map.of("gmm:T6", FAILS), verdicts(new BatchStudy(broken)));
    assertEquals(Map.of("gmm:T8-wine", FAILS), verdicts(RealDataStudy.wine(broken)));
  }

  private static Map<String, Verdict> verdicts(Study study) {
    var measured = new Measured(1);
    try (Backend backend = Backends.select("cpu")) {
      measured.add(0, study.measure(backend, RandomStreams.of(0).named("broken")));
    }
    return verdicts(Studies.claims(List.of(study), measured));
  }

  private static Map<String, Verdict> verdicts(List<Claim> claims) {
    return claims.stream().collect(Collectors.toMap(Claim::id, Claim::verdict));
  }

  @Test
  void stoppedBeforeItBeginsItDecidesNothing() {
    Report report = run("synthetic", DType.F64, new ProgressListener() {
      @Override
      public boolean isCancelled() {
        return true;
      }
    });
    assertTrue(report.claims().stream().allMatch(claim -> claim.verdict() == Verdict.INCONCLUSIVE));
    assertEquals(List.of(), report.figures());
  }

  @Test
  void labelledSamplesOfTheUsersAreJudgedLikeDigits(@TempDir Path folder) throws IOException {
    var random = RandomStreams.of(0).named("file");
    var rows = new StringBuilder("a,b,c,label\n");
    for (int i = 0; i < 90; i++) {
      // Three classes that a and b tell apart, and a loud c that says nothing.
      rows.append(3 * (i % 3) + random.nextGaussian()).append(',').append(3 * (i % 2) * (i % 3) + random.nextGaussian())
          .append(',').append(30 * random.nextGaussian()).append(',').append(i % 3).append('\n');
    }
    Path file = Files.writeString(folder.resolve("three.csv"), rows);
    Report report = run(file.toString(), DType.F64, ProgressListener.NONE);
    assertEquals(List.of("gmm:T8-data"), report.claims().stream().map(Claim::id).toList());
    assertTrue(report.claims().getFirst().verdict() != Verdict.INCONCLUSIVE, report.claims().toString());
    assertEquals(List.of("data", "data-pairs"), report.figures().stream().map(Figure::name).toList());
  }

  @Test
  void whatItCannotUseIsRefused(@TempDir Path folder) throws IOException {
    assertTrue(assertThrows(InvalidArgument.class, () -> run("synthetic", DType.F32, ProgressListener.NONE))
        .getMessage().contains("leave --dtype at f64"));
    Path none = Files.writeString(folder.resolve("none.csv"), "a,b\n1,2\n2,1\n");
    assertTrue(assertThrows(InvalidData.class, () -> run(none.toString(), DType.F64, ProgressListener.NONE))
        .getMessage().contains("has no labels"));
    Path one = Files.writeString(folder.resolve("one.csv"), "a,b,label\n1,2,0\n2,1,0\n");
    assertTrue(assertThrows(InvalidArgument.class, () -> run(one.toString(), DType.F64, ProgressListener.NONE))
        .getMessage().contains("all samples have one label"));
    Path few = Files.writeString(folder.resolve("few.csv"), "a,b,label\n1,2,0\n2,1,1\n");
    assertTrue(assertThrows(InvalidArgument.class, () -> run(few.toString(), DType.F64, ProgressListener.NONE))
        .getMessage().contains("only 1 samples of class 0"));
  }

  private static Report run(String data, DType dtype, ProgressListener progress) {
    var settings = new ExperimentSettings(
        data.isEmpty() ? Optional.empty() : Optional.of(data), 1, 0, true, dtype);
    try (Backend backend = Backends.select("cpu")) {
      return new GmmFisher(_ -> TINY).run(settings, backend, progress, new Provenance("test", "test"));
    }
  }
}
