package io.contraspectra.core.manifold;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.core.random.RandomStreams;
import java.util.random.RandomGenerator;

/** The synthetic triplets of grassmann.md 7: d = 10, variances from 4 to 1/4, n = 200, views with noise 0.3. */
record SyntheticViews(Backend backend, Matrix x, Matrix positives, Matrix negatives) implements AutoCloseable {

  static final int D = 10;
  private static final int N = 200;
  private static final double NOISE = 0.3;

  static SyntheticViews of(Backend backend, long seed) {
    RandomGenerator random = RandomStreams.of(seed).named("synthetic");
    try (Matrix rotation = Stiefel.random(backend, DType.F64, D, D, random);
        Matrix scaled = backend.zeros(DType.F64, N, D);
        Matrix base = backend.zeros(DType.F64, N, D)) {
      double[] numbers = RandomDraws.gaussian(random, N * D);
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] *= Math.pow(2, 1 - 2.0 * (i % D) / (D - 1));
      }
      scaled.copyFrom(numbers);
      backend.gemm(NO, YES, 1, scaled, rotation, 0, base);
      return new SyntheticViews(backend, view(base, 0, backend, random), view(base, 0, backend, random),
          view(base, 1, backend, random));
    }
  }

  private static Matrix view(Matrix base, int shift, Backend backend, RandomGenerator random) {
    Matrix view = backend.zeros(DType.F64, N, D);
    view.copyFrom(RandomDraws.gaussian(random, N * D));
    try (Matrix shifted = backend.zeros(DType.F64, N, D)) {
      backend.copy(base.rowRange(0, N - shift), shifted.rowRange(shift, N - shift));
      backend.copy(base.rowRange(N - shift, shift), shifted.rowRange(0, shift));
      backend.add(1, shifted, NOISE, view);
      return view;
    }
  }

  TraceObjective objective(boolean contrastive) {
    return contrastive ? TraceObjective.contrastive(backend, x, positives, negatives)
        : TraceObjective.nonContrastive(backend, x, positives);
  }

  @Override
  public void close() {
    x.close();
    positives.close();
    negatives.close();
  }
}
