package io.contraspectra.experiments.paper.grassmann;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.manifold.TraceObjective;
import io.contraspectra.core.matrix.Matrix;

/** The right-hand side of the constrained gradient flow, written down once more for a general solver. */
final class HorizontalFlow {

  private HorizontalFlow() {}

  /** {@code dW = (I − WWᵀ)AW}; {@code small} is z x z scratch. */
  static void derivative(TraceObjective objective, Matrix w, Matrix small, Matrix dw) {
    objective.gradient(w, dw);
    Backend backend = objective.backend();
    backend.scale(-1, dw);
    removeSpan(backend, w, dw, small);
  }

  /** {@code H ← (I − WWᵀ)H}. */
  static void removeSpan(Backend backend, Matrix w, Matrix h, Matrix small) {
    backend.gemm(YES, NO, 1, w, h, 0, small);
    backend.gemm(NO, NO, -1, w, small, 1, h);
  }
}
