package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** One loss of the catalogue with random embeddings and side arrays, ready to be evaluated anywhere; close it. */
final class LossArrangements implements AutoCloseable {

  final Backend backend;
  final Loss loss;
  final int samples;
  final int outputs;
  final LossEvaluation evaluation;
  final double[] embeddings;
  private final List<Matrix> sides = new ArrayList<>();

  /** Constants without default get 0.7. */
  LossArrangements(Backend backend, LossEntry entry, Map<String, String> constants, int samples, int outputs,
      double scale, long seed) {
    var given = new HashMap<>(constants);
    for (LossParameter parameter : entry.parameters()) {
      if (parameter.defaultValue().isEmpty()) {
        given.putIfAbsent(parameter.name(), "0.7");
      }
    }
    var random = new Random(seed);
    this.backend = backend;
    this.loss = entry.loss(given);
    this.samples = samples;
    this.outputs = outputs;
    this.embeddings = random.doubles((long) loss.blocks() * samples * outputs)
        .map(_ -> scale * random.nextGaussian()).toArray();
    SideArrays arrays = SideArrays.NONE;
    for (SideArray array : entry.arrays()) {
      if (array != SideArray.MASK) {
        arrays = arrays.with(array, side(array, random));
      }
    }
    this.evaluation = loss.evaluation(backend, DType.F64, samples, outputs, arrays);
  }

  private Matrix side(SideArray array, Random random) {
    Matrix matrix = switch (array) {
      case GRAPH -> backend.matrix(samples, samples, graph(random));
      case QUEUE -> backend.matrix(samples + 3, outputs,
          random.doubles((samples + 3L) * outputs).map(_ -> random.nextGaussian()).toArray());
      case PREDICTOR -> backend.matrix(outputs, outputs,
          random.doubles((long) outputs * outputs).map(_ -> random.nextGaussian()).toArray());
      case MASK -> throw new AssertionError(array);
    };
    sides.add(matrix);
    return matrix;
  }

  /** About half of all pairs are related, every sample to the next one, and some to themselves. */
  private double[] graph(Random random) {
    var graph = new double[samples * samples];
    for (int i = 0; i < samples; i++) {
      for (int j = i; j < samples; j++) {
        double weight = j == i + 1 || random.nextBoolean() ? random.nextDouble() : 0;
        graph[i * samples + j] = weight;
        graph[j * samples + i] = weight;
      }
    }
    return graph;
  }

  double value(double[] x) {
    return evaluate(x).value();
  }

  /** A loss and its gradient. */
  record Evaluated(double value, double[] gradient) {}

  Evaluated evaluate(double[] x) {
    long rows = (long) loss.blocks() * samples;
    try (Matrix at = backend.matrix(rows, outputs, x); Matrix gradient = backend.zeros(DType.F64, rows, outputs)) {
      double value = evaluation.evaluate(at, gradient);
      return new Evaluated(value, gradient.toArray());
    }
  }

  /** x + t v. */
  static double[] moved(double[] x, double t, double[] v) {
    double[] moved = x.clone();
    for (int i = 0; i < x.length; i++) {
      moved[i] += t * v[i];
    }
    return moved;
  }

  static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  @Override
  public void close() {
    evaluation.close();
    sides.forEach(Matrix::close);
  }
}
