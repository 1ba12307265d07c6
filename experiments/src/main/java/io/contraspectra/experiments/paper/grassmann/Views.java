package io.contraspectra.experiments.paper.grassmann;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.manifold.TraceObjective;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomDraws;
import java.util.random.RandomGenerator;

/**
 * Two views of n samples, and views of other samples as negatives (grassmann.md 7). Owns its matrices; close it.
 *
 * @param x n x d
 * @param positives n x d, other views of the same samples
 * @param negatives n x d, views of the next sample
 */
record Views(Backend backend, Matrix x, Matrix positives, Matrix negatives) implements AutoCloseable {

  static final int DIMENSION = 10;
  private static final double NOISE = 0.3;

  /** The two losses: with one negative, and without. */
  enum Loss {
    CONTRASTIVE("con"), NON_CONTRASTIVE("non");

    private final String label;

    Loss(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }
  }

  /** Normal samples with a spectrum from 4 to 1/4 in a random basis of R^10, seen through noise of 0.3. */
  static Views synthetic(Backend backend, int n, RandomGenerator random) {
    try (Matrix basis = Stiefel.random(backend, DType.F64, DIMENSION, DIMENSION, random)) {
      double[] rotation = basis.toArray();
      double[] base = new double[n * DIMENSION];
      for (int i = 0; i < n; i++) {
        for (int l = 0; l < DIMENSION; l++) {
          double coordinate = random.nextGaussian() * Math.sqrt(4 * Math.pow(1.0 / 16, l / (DIMENSION - 1.0)));
          for (int j = 0; j < DIMENSION; j++) {
            base[i * DIMENSION + j] += coordinate * rotation[j * DIMENSION + l];
          }
        }
      }
      return new Views(backend, seen(backend, base, 0, random), seen(backend, base, 0, random),
          seen(backend, base, 1, random));
    }
  }

  private static Matrix seen(Backend backend, double[] base, int shift, RandomGenerator random) {
    int n = base.length / DIMENSION;
    double[] view = RandomDraws.gaussian(random, base.length);
    for (int i = 0; i < base.length; i++) {
      view[i] = base[(i + shift * DIMENSION) % base.length] + NOISE * view[i];
    }
    Matrix matrix = backend.zeros(DType.F64, n, DIMENSION);
    matrix.copyFrom(view);
    return matrix;
  }

  /** The objective of a linear map under one of the losses; the caller closes it. */
  TraceObjective objective(Loss loss) {
    return switch (loss) {
      case CONTRASTIVE -> TraceObjective.contrastive(backend, x, positives, negatives);
      case NON_CONTRASTIVE -> TraceObjective.nonContrastive(backend, x, positives);
    };
  }

  @Override
  public void close() {
    x.close();
    positives.close();
    negatives.close();
  }
}
