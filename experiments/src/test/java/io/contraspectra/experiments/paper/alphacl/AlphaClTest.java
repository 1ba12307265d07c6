package io.contraspectra.experiments.paper.alphacl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.data.Datasets;
import io.contraspectra.core.data.LabelledData;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.matrix.MemoryLedger;
import io.contraspectra.core.training.NormConstraint;
import io.contraspectra.experiments.paper.ExperimentSettings;
import io.contraspectra.experiments.paper.ProgressListener;
import io.contraspectra.experiments.paper.Provenance;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.report.Claim;
import io.contraspectra.experiments.report.Figure;
import io.contraspectra.experiments.report.Report;
import io.contraspectra.experiments.report.Table;
import io.contraspectra.experiments.report.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AlphaClTest {

  private static final List<ReluStudy.Model> MODELS = List.of(ReluStudy.Model.RELU, ReluStudy.Model.LINEAR);

  @Test
  void claimsOnDrawnEmbeddingsHoldForOneSeedAndNothingIsLeftOpen() {
    long before = MemoryLedger.openBlocks();
    Report report = run(
        new ReluStudy(MODELS, 5, NormConstraint.UNIT_ROWS), new DeepLinearStudy(3, NormConstraint.BALL),
        new EquivalenceStudy(DistanceScale.HALVED), new MinPlayerStudy(DistanceScale.HALVED), new StabilityStudy());
    assertEquals(before, MemoryLedger.openBlocks());
    for (int gate = 1; gate <= 7; gate++) {
      assertEquals(Verdict.HOLDS, verdicts(report).get("alphacl:A" + gate), () -> report.claims().toString());
    }
    assertEquals(List.of("relu-ranks", "relu-values", "deep-linear", "importance"),
        report.figures().stream().map(Figure::name).toList());
  }

  /** Without the half in the squared distance every logit doubles, and with it the energy. */
  @Test
  void distancesThatAreNotHalvedFailTheClaimsAboutGradientsImportanceAndTheGame() {
    Report report = run(new EquivalenceStudy(DistanceScale.NOT_HALVED_BY_MISTAKE),
        new MinPlayerStudy(DistanceScale.NOT_HALVED_BY_MISTAKE), new StabilityStudy());
    assertEquals(Map.of("alphacl:A1", Verdict.FAILS, "alphacl:A2", Verdict.FAILS, "alphacl:A3", Verdict.HOLDS,
        "alphacl:A4", Verdict.FAILS, "alphacl:A5", Verdict.FAILS), verdicts(report));
  }

  /** Rows of norm 1 let linear layers climb beyond the top eigenvalue; in a ball ReLU networks keep one dimension. */
  @Test
  void normConstraintsOfTheOtherKindFailTheClaimsAboutOptima() {
    Report report =
        run(new ReluStudy(MODELS, 2, NormConstraint.BALL), new DeepLinearStudy(1, NormConstraint.UNIT_ROWS));
    assertEquals(Map.of("alphacl:A6", Verdict.FAILS, "alphacl:A7", Verdict.FAILS), verdicts(report));
  }

  /** Too few steps for the claims about what is learned, enough for everything else. */
  @Test
  void aShortTrainingOnDigitsFillsTheTable() {
    long before = MemoryLedger.openBlocks();
    var objectives = List.of(Objective.QUADRATIC, Objective.INFONCE, Objective.DIRECT);
    Report report = run(new RepresentationStudy(Datasets.digits(), objectives, 10));
    assertEquals(before, MemoryLedger.openBlocks());
    assertEquals(Verdict.HOLDS, verdicts(report).get("alphacl:A8"), () -> report.claims().toString());
    assertEquals(List.of("ranks"), report.figures().stream().map(Figure::name).toList());
    Table table = report.tables().getFirst();
    assertEquals(List.of("raw pixels", "untrained", "quadratic (alpha = 1)", "InfoNCE", "direct, p = 4"),
        table.rows().stream().map(Table.Row::label).toList());
    double pixels = table.rows().getFirst().cells().getFirst().value();
    assertTrue(pixels > 94 && pixels < 99, "a linear probe classifies " + pixels + " % of the pixels' digits");
  }

  /** Nothing is known of what can be learned from other data; 200 of the digits' rows without their last columns. */
  @Test
  void otherDataAreMeasuredButNotJudged() {
    LabelledData digits = Datasets.digits();
    double[] features = IntStream.range(0, 200 * 50).mapToDouble(i -> digits.row(i / 50)[i % 50]).toArray();
    var data = new LabelledData("other.csv", 200, 50, features, Arrays.copyOf(digits.requireLabels(), 200));
    Report report =
        run(new RepresentationStudy(data, List.of(Objective.QUADRATIC, Objective.INFONCE, Objective.DIRECT), 2));
    assertEquals(Map.of("alphacl:A8", Verdict.HOLDS), verdicts(report));
    assertEquals("What losses teach: other.csv", report.tables().getFirst().title());
  }

  @Test
  void stoppedBeforeItBeginsItDecidesNothing() {
    Report report = run(new AlphaCl(), "", DType.F64, new ProgressListener() {
      @Override
      public boolean isCancelled() {
        return true;
      }
    });
    assertEquals(11, report.claims().size());
    assertTrue(report.claims().stream().allMatch(claim -> claim.verdict() == Verdict.INCONCLUSIVE));
    assertEquals(List.of(), report.figures());
    assertEquals(List.of(), report.tables());
  }

  @Test
  void whatItCannotUseIsRefused() {
    assertTrue(assertThrows(InvalidArgument.class,
        () -> run(new AlphaCl(), "synthetic", DType.F32, ProgressListener.NONE)).getMessage()
        .contains("leave --dtype at f64"));
    assertTrue(assertThrows(InvalidData.class,
        () -> run(new AlphaCl(), "mnist.csv", DType.F64, ProgressListener.NONE)).getMessage()
        .contains("mnist.csv does not exist"));
    LabelledData wine = Datasets.wine();
    assertTrue(assertThrows(InvalidArgument.class, () -> new RepresentationStudy(wine, List.of(), 1)).getMessage()
        .contains("178 samples of 3 classes; two classes at least, 20 samples for each and 180 in all are needed"));
  }

  private static Map<String, Verdict> verdicts(Report report) {
    return report.claims().stream().collect(Collectors.toMap(Claim::id, Claim::verdict));
  }

  private static Report run(Study... studies) {
    return run(new AlphaCl(_ -> List.of(studies)), "", DType.F64, ProgressListener.NONE);
  }

  private static Report run(AlphaCl experiment, String data, DType dtype, ProgressListener progress) {
    var settings = new ExperimentSettings(
        data.isEmpty() ? Optional.empty() : Optional.of(data), 1, 0, true, dtype);
    try (Backend backend = Backends.select("cpu")) {
      return experiment.run(settings, backend, progress, new Provenance("test", "test"));
    }
  }
}
