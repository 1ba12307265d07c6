package io.contraspectra.experiments.paper.alphacl;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.Augmentation;
import io.contraspectra.core.data.LabelledData;
import io.contraspectra.core.data.Samplers;
import io.contraspectra.core.loss.AlphaLoss;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.loss.UnitRowLoss;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.optimize.Optimizers;
import io.contraspectra.core.random.RandomStreams;
import io.contraspectra.core.training.Constraints;
import io.contraspectra.core.training.Descent;
import io.contraspectra.core.training.Towers;
import io.contraspectra.core.training.Trainer;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * A8 to A11: what losses and designed importances teach a network about handwritten digits (alphacl.md 9). On other
 * data everything is measured, too, but what a network can learn there is not known, and A8 alone is judged.
 */
final class RepresentationStudy implements Study {

  private static final Augmentation VIEWS_OF_IMAGES = new Augmentation(0.1, 0, 0.8, 1.2, 1);
  private static final Augmentation VIEWS_OF_VECTORS = new Augmentation(0.1, 0, 0.8, 1.2, 0);
  private static final String DIGITS = "digits";
  private static final int LEAST_OF_EACH_CLASS = 20;
  /** So many samples leave a batch to train on. */
  private static final int LEAST = 180;
  private static final int BATCH = 128;
  static final int STEPS = 300;
  private static final double STEP_SIZE = 1e-3;
  private static final int COMPARED_STEPS = 50;
  private static final double[] FOLLOWED_STEPS = {0, 10, 20, 40, 70, 100, 150, 200, 250};
  private static final double PERCENT = 100;
  private static final String PIXELS = "raw pixels";
  private static final String UNTRAINED = "untrained";
  private static final String PATH = "largest difference of parameters after 50 Adam steps";
  private static final String OVER_INFONCE = "linear probe, direct - InfoNCE (points)";

  private final LabelledData data;
  private final List<Objective> objectives;
  private final double[] followedSteps;

  /**
   * A study of these objectives; the claims need {@code QUADRATIC}, {@code INFONCE} and {@code DIRECT}.
   *
   * @param data labelled images, moved by a pixel if they are square, or other vectors
   * @param steps Adam steps, {@link #STEPS} for what the claims speak of
   */
  RepresentationStudy(LabelledData data, List<Objective> objectives, int steps) {
    int classes = (int) Arrays.stream(data.requireLabels()).distinct().count();
    if (classes < 2 || data.rows() < LEAST_OF_EACH_CLASS * classes || data.rows() < LEAST) {
      throw new InvalidArgument("alpha-cl: " + data.name() + " has " + data.rows() + " samples of " + classes
          + " classes; two classes at least, " + LEAST_OF_EACH_CLASS + " samples for each and " + LEAST
          + " in all are needed");
    }
    this.data = data;
    this.objectives = objectives;
    this.followedSteps = DoubleStream.concat(
        DoubleStream.of(FOLLOWED_STEPS).filter(step -> step < steps), DoubleStream.of(steps)).toArray();
  }

  @Override
  public String name() {
    return "representations";
  }

  /** Where the data come from. */
  String data() {
    return data.name();
  }

  /** Whether the claims about what is learned are about these data. */
  boolean isJudged() {
    return data.name().equals(DIGITS);
  }

  List<Objective> objectives() {
    return objectives;
  }

  /** What was judged: the pixels, the network before any training, and the objectives. */
  List<String> judged() {
    return Stream.concat(Stream.of(PIXELS, UNTRAINED), objectives.stream().map(Objective::label)).toList();
  }

  double[] followedSteps() {
    return followedSteps.clone();
  }

  static String rankName(Objective objective, double step) {
    return "covariance rank of z, " + objective.label() + ", step " + (long) step;
  }

  static String probeName(String what) {
    return "linear probe, " + what + " (%)";
  }

  static String neighboursName(String what) {
    return "nearest neighbours, " + what + " (%)";
  }

  static String fewName(String what) {
    return "probe of 100 labels, " + what + " (%)";
  }

  static String rankName(String what) {
    return "covariance rank of z, " + what;
  }

  private static String gainName(Objective objective) {
    return "probe of 100 labels, " + objective.label() + " - quadratic (points)";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    var streams = RandomStreams.of(random.nextLong());
    try (ImageSplit images = ImageSplit.draw(data, backend, streams.named("split"));
        var untrained = new Encoder(backend, (int) images.all().cols(), streams.named("network"))) {
      record(PIXELS, Encoder.judgePixels(backend, images), sheet);
      record(UNTRAINED, untrained.judge(images), sheet);
      for (Objective objective : objectives) {
        train(backend, objective, images, streams, sheet);
      }
      sheet.put(PATH, pathDifference(backend, images, streams));
    }
    var values = sheet.values();
    sheet.put(OVER_INFONCE, values.get(probeName(Objective.DIRECT.label()))
        - values.get(probeName(Objective.INFONCE.label())));
    for (Objective objective : List.of(Objective.INFONCE, Objective.DIRECT)) {
      sheet.put(gainName(objective), values.get(fewName(objective.label()))
          - values.get(fewName(Objective.QUADRATIC.label())));
    }
    return sheet;
  }

  private static void record(String what, Encoder.Worth worth, Measured.Sheet sheet) {
    sheet.put(probeName(what), PERCENT * worth.probe());
    sheet.put(neighboursName(what), PERCENT * worth.neighbours());
    sheet.put(fewName(what), PERCENT * worth.fewProbe());
    sheet.put(rankName(what), worth.rank());
  }

  /** Every objective starts from the same network and sees the same views. */
  private void train(
      Backend backend, Objective objective, ImageSplit images, RandomStreams streams, Measured.Sheet sheet) {
    try (var encoder = new Encoder(backend, (int) images.all().cols(), streams.named("network"));
        Towers towers = Towers.shared(encoder.network());
        Trainer trainer = trainer(towers, objective.loss(), images, streams)) {
      for (double step : followedSteps) {
        trainer.run((long) step - trainer.step());
        sheet.put(rankName(objective, step), encoder.rank(images.all()));
      }
      record(objective.label(), encoder.judge(images), sheet);
    }
  }

  private static Trainer trainer(Towers towers, AlphaLoss loss, ImageSplit images, RandomStreams streams) {
    int side = (int) Math.round(Math.sqrt(images.training().cols()));
    Augmentation views = side * side == images.training().cols() ? VIEWS_OF_IMAGES : VIEWS_OF_VECTORS;
    return new Trainer(towers, new UnitRowLoss(loss), SideArrays.NONE,
        Samplers.views(images.training(), views, 2, BATCH, streams), Descent.of(Optimizers.ADAM, STEP_SIZE),
        Constraints.NONE);
  }

  /** A8: InfoNCE without the positive in its denominator, and the min player under entropy, from one start. */
  private static double pathDifference(Backend backend, ImageSplit images, RandomStreams streams) {
    int inputs = (int) images.all().cols();
    try (var one = new Encoder(backend, inputs, streams.named("network"));
        var other = new Encoder(backend, inputs, streams.named("network"))) {
      follow(one.network(), Objective.decoupledInfoNce(), images, streams);
      follow(other.network(), Objective.ENTROPY.loss(), images, streams);
      Matrix difference = one.network().parameters().flat();
      backend.add(-1, other.network().parameters().flat(), 1, difference);
      return backend.maxAbs(difference);
    }
  }

  private static void follow(Network network, AlphaLoss loss, ImageSplit images, RandomStreams streams) {
    try (Towers towers = Towers.shared(network); Trainer trainer = trainer(towers, loss, images, streams)) {
      trainer.run(COMPARED_STEPS);
    }
  }

  @Override
  public List<Gate> gates() {
    Gate samePath = Gate.of("alphacl:A8", "InfoNCE without the positive in its denominator and the min player under"
        + " entropy, held fixed at every step, train a network to the same parameters.", Bound.atMost(PATH, 1e-10));
    return isJudged() ? Stream.concat(Stream.of(samePath), onDigits().stream()).toList()
        : List.of(samePath);
  }

  private static List<Gate> onDigits() {
    return List.of(
        Gate.of("alphacl:A9", "On handwritten digits InfoNCE and direct alpha learn representations that a linear"
            + " probe reads, direct alpha as well as InfoNCE.",
            Bound.atLeast(probeName(Objective.INFONCE.label()), 94.5).ofMean(),
            Bound.atLeast(probeName(Objective.DIRECT.label()), 94.5).ofMean(),
            Bound.atLeast(OVER_INFONCE, -1.5).ofMean()),
        Gate.of("alphacl:A10", "Equal importance of all pairs collapses unit embeddings to about two dimensions;"
            + " InfoNCE and direct alpha keep more.",
            Bound.atMost(rankName(Objective.QUADRATIC.label()), 3),
            Bound.atLeast(rankName(Objective.INFONCE.label()), 4.5),
            Bound.atLeast(rankName(Objective.DIRECT.label()), 5)),
        Gate.of("alphacl:A11", "From a hundred labels a linear probe of the embeddings learns more after direct alpha"
            + " or InfoNCE than after equal importance, by 20 points and more.",
            Bound.atLeast(gainName(Objective.INFONCE), 20).ofMean(),
            Bound.atLeast(gainName(Objective.DIRECT), 20).ofMean()));
  }
}
