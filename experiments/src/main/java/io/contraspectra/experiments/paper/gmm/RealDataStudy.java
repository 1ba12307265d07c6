package io.contraspectra.experiments.paper.gmm;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.Datasets;
import io.contraspectra.core.data.LabelledData;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.paper.gmm.RealSplit.Preparation;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** T8: real data, where classes differ in covariance and only accuracies can be compared. */
final class RealDataStudy implements Study {

  private static final int NEIGHBOURS = 5;
  private static final int WINE_ROUNDS = 4;
  private static final int WINE_DIMENSIONS = 2;

  private final String name;
  private final LabelledData data;
  private final Preparation preparation;
  private final List<Integer> dimensions;
  private final int rounds;
  private final GmmSettings settings;

  private RealDataStudy(String name, LabelledData data, Preparation preparation, List<Integer> dimensions, int rounds,
      GmmSettings settings) {
    this.name = name;
    this.data = data;
    this.preparation = preparation;
    this.dimensions = dimensions;
    this.rounds = rounds;
    this.settings = settings;
  }

  static RealDataStudy wine(GmmSettings settings) {
    return new RealDataStudy(
        "wine", Datasets.wine(), Preparation.STANDARDISED, List.of(WINE_DIMENSIONS), WINE_ROUNDS, settings);
  }

  static RealDataStudy digits(GmmSettings settings) {
    return new RealDataStudy(
        "digits", Datasets.digits(), Preparation.PRINCIPAL, settings.digitDimensions(), 1, settings);
  }

  /** Labelled samples of the user's, treated like digits; judged where an embedding of all discriminants is. */
  static RealDataStudy of(LabelledData data, GmmSettings settings) {
    int classes = (int) Arrays.stream(data.requireLabels()).distinct().count();
    if (classes < 2) {
      throw new InvalidArgument(data.name() + ": all samples have one label; at least two classes are needed");
    }
    int most = Math.min(classes - 1, Math.min(data.cols(), RealSplit.COMPONENTS));
    return new RealDataStudy("data", data, Preparation.PRINCIPAL, IntStream.rangeClosed(1, most)
        .filter(r -> r == most || settings.digitDimensions().contains(r)).boxed().toList(), 1, settings);
  }

  @Override
  public String name() {
    return name;
  }

  /** What is measured of a method's projection to r dimensions. */
  String quantity(Method method, Trial.Measure measure, int r) {
    return name + " " + method.label() + " " + measure.label() + ", r = " + r;
  }

  /** What is measured of pairs of which some are of different classes. */
  String quantity(Method method, Trial.Measure measure, double delta) {
    return name + " " + method.label() + " " + measure.label() + ", delta " + delta;
  }

  private String gain(Method method) {
    return name + " InfoNCE ARI - " + method.label() + " ARI";
  }

  private String difference() {
    return name + " |InfoNCE kNN - LDA kNN|";
  }

  List<Integer> dimensions() {
    return dimensions;
  }

  List<Double> deltas() {
    return settings.realDeltas();
  }

  private int most() {
    return dimensions.getLast();
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    try (RealSplit split = RealSplit.draw(backend, data, preparation, random)) {
      try (RealSplit.Pairs pairs = split.pairs(rounds, settings.clean(), random)) {
        for (Method method : Method.values()) {
          for (int r : dimensions) {
            Score score = score(split, pairs, method, r, random);
            sheet.put(quantity(method, Trial.Measure.NEIGHBOURS, r), score.neighbours());
            sheet.put(quantity(method, Trial.Measure.CLUSTERS, r), score.clusters());
          }
        }
      }
      for (double delta : settings.realDeltas()) {
        try (RealSplit.Pairs pairs = split.pairs(rounds, delta * settings.clean(), random)) {
          Score score = score(split, pairs, Method.INFO_NCE, most(), random);
          sheet.put(quantity(Method.INFO_NCE, Trial.Measure.NEIGHBOURS, delta), score.neighbours());
          sheet.put(quantity(Method.INFO_NCE, Trial.Measure.CLUSTERS, delta), score.clusters());
        }
      }
    }
    compare(sheet);
    return sheet;
  }

  private static Score score(
      RealSplit split, RealSplit.Pairs pairs, Method method, int dimensions, RandomGenerator random) {
    try (Matrix directions = method.directions(split.backend(), pairs.sample(), dimensions)) {
      return Score.of(split.backend(), split.samples(), directions, NEIGHBOURS, random);
    }
  }

  private void compare(Measured.Sheet sheet) {
    double clusters = sheet.values().get(quantity(Method.INFO_NCE, Trial.Measure.CLUSTERS, most()));
    for (Method method : List.of(Method.PCA, Method.LDA)) {
      sheet.put(gain(method), clusters - sheet.values().get(quantity(method, Trial.Measure.CLUSTERS, most())));
    }
    sheet.put(difference(), Math.abs(
        sheet.values().get(quantity(Method.INFO_NCE, Trial.Measure.NEIGHBOURS, most()))
            - sheet.values().get(quantity(Method.LDA, Trial.Measure.NEIGHBOURS, most()))));
  }

  @Override
  public List<Gate> gates() {
    if (name.equals("wine")) {
      return List.of(Gate.of("gmm:T8-wine", "On wines two contrastively learned dimensions serve nearest neighbours.",
          Bound.atLeast(quantity(Method.INFO_NCE, Trial.Measure.NEIGHBOURS, WINE_DIMENSIONS), 0.94).ofMean()));
    }
    return List.of(Gate.of("gmm:T8-" + name, "On " + (name.equals("digits") ? "handwritten digits" : "the given data")
        + " contrastive learning from pairs of one class clusters better than principal components, and does nearly as"
        + " well as discriminants that know the labels.",
        Bound.atLeast(gain(Method.PCA), 0.10).ofMean(), Bound.atLeast(gain(Method.LDA), -0.08).ofMean(),
        Bound.atMost(difference(), 0.02).ofMean()));
  }
}
