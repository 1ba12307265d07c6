package io.contraspectra.core.loss;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import java.util.Set;

/**
 * The spectral contrastive loss of two views, {@code −2 mean_i a_i·b_i + Σ_(i≠j) (a_i·b_j)²/(N(N − 1))} (spectral.md
 * 10). The squares need no N x N matrix: {@code Σ_ij (a_i·b_j)² = <AᵀA, BᵀB>}.
 */
public record SpectralBatch() implements Loss {

  static LossEntry entry() {
    return LossEntry.of("spectral-batch", LossStyle.VIEWS,
        "-2 mean_i(a_i.b_i) + sum_{i!=j}((a_i.b_j)^2)/(n (n - 1))",
        "HaoChen, Wei, Gaidon, Ma 2021, arXiv 2106.04156; spectral.md 10",
        constants -> new SpectralBatch());
  }

  @Override
  public String name() {
    return "spectral-batch";
  }

  @Override
  public LossStyle style() {
    return LossStyle.VIEWS;
  }

  @Override
  public long workspaceBytes(DType dtype, long samples, long outputs) {
    return 2 * Workspace.bytes(dtype, outputs, outputs)
        + Workspace.bytes(dtype, samples, 1)
        + Workspace.bytes(dtype, samples, outputs);
  }

  @Override
  public LossEvaluation evaluation(Backend backend, DType dtype, long samples, long outputs, SideArrays arrays) {
    arrays.requireOnly(Set.of(), name());
    if (samples < 2) {
      throw new InvalidArgument("spectral-batch needs at least 2 samples to have negatives, got " + samples);
    }
    return new Evaluation(this, backend, dtype, samples, outputs);
  }

  private static final class Evaluation extends BlockEvaluation {

    private final Matrix firstGram;
    private final Matrix secondGram;
    private final Matrix positive;
    private final Matrix scratch;

    Evaluation(SpectralBatch loss, Backend backend, DType dtype, long samples, long outputs) {
      super(loss, backend, dtype, samples, outputs);
      this.firstGram = workspace.matrix(dtype, outputs, outputs);
      this.secondGram = workspace.matrix(dtype, outputs, outputs);
      this.positive = workspace.matrix(dtype, samples, 1);
      this.scratch = workspace.matrix(dtype, samples, outputs);
    }

    @Override
    double value(Matrix embeddings, Matrix gradient) {
      Matrix a = block(embeddings, 0);
      Matrix b = block(embeddings, 1);
      double n = samples;
      double pairs = n * (n - 1);
      TiledGemm.gemm(backend, YES, NO, 1, a, a, 0, firstGram);
      TiledGemm.gemm(backend, YES, NO, 1, b, b, 0, secondGram);
      backend.rowDots(a, b, positive);
      double value = -2 * backend.sum(positive) / n
          + (backend.dot(firstGram, secondGram) - backend.dot(positive, positive)) / pairs;
      // d/d(a_i·b_i): -2/n from the positives, and what the Grams have too much.
      backend.scale(-2 / pairs, positive);
      backend.shift(-2 / n, positive);
      partial(a, b, secondGram, pairs, block(gradient, 0));
      partial(b, a, firstGram, pairs, block(gradient, 1));
      return value;
    }

    private void partial(Matrix own, Matrix other, Matrix otherGram, double pairs, Matrix target) {
      backend.multiplyColumn(positive, other, scratch);
      TiledGemm.gemm(backend, NO, NO, 2 / pairs, own, otherGram, 0, target);
      backend.add(1, scratch, 1, target);
    }
  }
}
