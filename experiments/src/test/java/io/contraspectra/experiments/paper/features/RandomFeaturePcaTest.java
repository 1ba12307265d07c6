package io.contraspectra.experiments.paper.features;

import static io.contraspectra.experiments.paper.features.FeatureSettings.HiddenStep.CONSTANT;
import static io.contraspectra.experiments.paper.features.FeatureSettings.HiddenStep.FEATURE_LEARNING;
import static io.contraspectra.experiments.report.Verdict.FAILS;
import static io.contraspectra.experiments.report.Verdict.HOLDS;
import static io.contraspectra.experiments.report.Verdict.INCONCLUSIVE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.matrix.MemoryLedger;
import io.contraspectra.experiments.paper.ExperimentSettings;
import io.contraspectra.experiments.paper.ProgressListener;
import io.contraspectra.experiments.paper.Provenance;
import io.contraspectra.experiments.paper.features.FeatureSettings.HiddenStep;
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

class RandomFeaturePcaTest {

  @Test
  void theClaimsHoldForOneSeed() {
    long before = MemoryLedger.openBlocks();
    Report report = run("synthetic", DType.F64, CONSTANT, FEATURE_LEARNING, ProgressListener.NONE);
    assertEquals(before, MemoryLedger.openBlocks());
    assertEquals(Map.of("ntk:G7", HOLDS, "ntk:G8", HOLDS, "ntk:G9", HOLDS, "ntk:G10", HOLDS, "ntk:G11", HOLDS,
        "ntk:G13", HOLDS), verdicts(report), () -> report.claims().toString());
    assertEquals(List.of("components-by-width", "matrix-by-width", "procrustes-by-width", "cka-by-width", "frozen",
        "control", "three-layers", "davis-kahan"), report.figures().stream().map(Figure::name).toList());
  }

  /** The wrong scaling, and a control that controls nothing: what is exact holds all the same. */
  @Test
  void stepsInProportionToTheWidthFailTheClaimsOnWidth() {
    Report report = run("synthetic", DType.F64, FEATURE_LEARNING, CONSTANT, ProgressListener.NONE);
    assertEquals(Map.of("ntk:G7", HOLDS, "ntk:G8", HOLDS, "ntk:G9", FAILS, "ntk:G10", HOLDS, "ntk:G11", FAILS,
        "ntk:G13", FAILS), verdicts(report), () -> report.claims().toString());
  }

  @Test
  void stoppedBeforeItBeginsItDecidesNothing() {
    Report report = run("", DType.F64, CONSTANT, FEATURE_LEARNING, new ProgressListener() {
      @Override
      public boolean isCancelled() {
        return true;
      }
    });
    assertTrue(report.claims().stream().allMatch(claim -> claim.verdict() == INCONCLUSIVE));
    assertEquals(List.of(), report.figures());
    assertTrue(report.notes().getLast().contains("stopped early"));
  }

  @Test
  void whatItCannotUseIsRefused(@TempDir Path folder) throws IOException {
    assertTrue(assertThrows(InvalidArgument.class, () -> run("", DType.F32, CONSTANT, CONSTANT, ProgressListener.NONE))
        .getMessage().contains("leave --dtype at f64"));
    Path two = Files.writeString(folder.resolve("two.csv"), "a,b,label\n1,2,0\n2,1,1\n");
    assertTrue(assertThrows(InvalidData.class, () -> run(two.toString(), DType.F64, CONSTANT, CONSTANT,
        ProgressListener.NONE)).getMessage().contains("has the classes [0, 1] only; random-feature-pca needs 3"));
  }

  private static Map<String, Verdict> verdicts(Report report) {
    return report.claims().stream().collect(Collectors.toMap(Claim::id, Claim::verdict));
  }

  private static Report run(
      String data, DType dtype, HiddenStep trained, HiddenStep control, ProgressListener progress) {
    var asked = new ExperimentSettings(data.isEmpty() ? Optional.empty() : Optional.of(data), 1, 0, true, dtype);
    try (Backend backend = Backends.select("cpu")) {
      return new RandomFeaturePca(settings -> new FeatureSettings(
          settings.widths(), List.of(64, 512), List.of(64, 128, 256), trained, control))
          .run(asked, backend, progress, new Provenance("test", "test"));
    }
  }
}
