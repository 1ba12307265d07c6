package io.contraspectra.experiments.paper.alphacl;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.evaluate.Columns;
import io.contraspectra.core.evaluate.LinearClassifier;
import io.contraspectra.core.evaluate.LinearProbes;
import io.contraspectra.core.evaluate.NeighbourClassifier;
import io.contraspectra.core.manifold.EffectiveRank;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * An encoder of two ReLU layers and a head of two more, the last one linear (alphacl.md 9), and what its
 * representations are worth: h is what the encoder gives, z what the head makes of it, of unit norm. Close it.
 */
final class Encoder implements AutoCloseable {

  private static final int ENCODED = 64;
  private static final int ENCODER_LAYERS = 2;
  private static final int OUTPUTS = 32;
  private static final int NEIGHBOURS = 5;
  private static final double PENALTY = 1;
  private static final double PENALTY_OF_FEW = 0.1;

  private final Backend backend;
  private final Network network;

  /**
   * What representations are worth.
   *
   * @param probe accuracy of a linear classifier of h on images held out
   * @param neighbours accuracy of h's five nearest neighbours
   * @param fewProbe accuracy of a linear classifier of z that saw ten images of every class
   * @param rank effective rank of the covariance of z over all images
   */
  record Worth(double probe, double neighbours, double fewProbe, double rank) {}

  /** Weights and biases drawn uniformly within 1/sqrt(inputs), as PyTorch does. */
  Encoder(Backend backend, int inputs, RandomGenerator random) {
    this.backend = backend;
    var architecture = architecture(List.of(inputs, 128, ENCODED, 64, OUTPUTS));
    this.network = Network.zeros(architecture, backend, DType.F64);
    for (int layer = 1; layer <= architecture.layers(); layer++) {
      double bound = 1 / Math.sqrt(architecture.width(layer - 1));
      fill(network.parameters().weight(layer), bound, random);
      fill(network.parameters().bias(layer), bound, random);
    }
  }

  private static Architecture architecture(List<Integer> widths) {
    return new Architecture(widths, Activation.RELU, Collections.nCopies(widths.size() - 1, 1.0), true, 1);
  }

  private static void fill(Matrix parameters, double bound, RandomGenerator random) {
    parameters.copyFrom(random.doubles(parameters.size(), -bound, bound).toArray());
  }

  Network network() {
    return network;
  }

  /** The worth of the present representations. */
  Worth judge(ImageSplit images) {
    try (Matrix h = encoded(images.all()); Matrix z = projected(images.all())) {
      return judge(backend, images, h, z);
    }
  }

  /** The worth of the pixels themselves, in the place of both representations. */
  static Worth judgePixels(Backend backend, ImageSplit images) {
    try (Matrix h = backend.copyOf(images.all(), DType.F64); Matrix z = backend.copyOf(images.all(), DType.F64)) {
      return judge(backend, images, h, z);
    }
  }

  /** Overwrites h and z. */
  private static Worth judge(Backend backend, ImageSplit images, Matrix h, Matrix z) {
    double rank = EffectiveRank.ofCovariance(backend, z);
    double neighbours = new NeighbourClassifier(backend, images.fitted(h), images.fittedLabels(), NEIGHBOURS)
        .accuracy(images.judged(h), images.judgedLabels());
    try (Matrix few = images.fewRows(backend, z)) {
      double fewProbe =
          probe(backend, few, images.fewLabels(), PENALTY_OF_FEW, images.judged(z), images.judgedLabels());
      double probe =
          probe(backend, images.fitted(h), images.fittedLabels(), PENALTY, images.judged(h), images.judgedLabels());
      return new Worth(probe, neighbours, fewProbe, rank);
    }
  }

  /** Logistic regression on standardised features, which this overwrites. */
  private static double probe(
      Backend backend, Matrix fitted, int[] labels, double c, Matrix judged, int[] judgedLabels) {
    Columns.standardise(backend, fitted, judged);
    try (LinearClassifier classifier = LinearProbes.logistic(backend, fitted, labels, c)) {
      return classifier.accuracy(judged, judgedLabels);
    }
  }

  /** The effective rank of the covariance of z. */
  double rank(Matrix inputs) {
    try (Matrix z = projected(inputs)) {
      return EffectiveRank.ofCovariance(backend, z);
    }
  }

  /** z of every row, of unit norm. */
  private Matrix projected(Matrix inputs) {
    Matrix z = network.apply(inputs);
    try (Matrix norms = backend.zeros(DType.F64, z.rows(), 1)) {
      backend.rowDots(z, z, norms);
      backend.map(UnaryFunction.INVERSE_NORM, norms, norms);
      backend.multiplyColumn(norms, z, z);
      return z;
    }
  }

  /** h of every row: the network cut off behind the encoder. */
  private Matrix encoded(Matrix inputs) {
    var architecture = architecture(network.architecture().widths().subList(0, ENCODER_LAYERS + 1));
    try (Network encoder = Network.over(architecture, backend,
        network.parameters().flat().block(0, 0, 1, architecture.parameters()))) {
      Matrix h = encoder.apply(inputs);
      backend.map(UnaryFunction.RELU, h, h);
      return h;
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
