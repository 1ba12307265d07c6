package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Set;

/**
 * SimCLR's NT-Xent of two views, on cosines: every view is classified among the 2N − 1 others (spectral.md 10).
 *
 * @param tau temperature, positive
 */
public record ViewsNtXent(double tau) implements Loss {

  public ViewsNtXent {
    LossParameter.require("tau", LossParameter.Domain.POSITIVE, tau);
  }

  static LossEntry entry() {
    return LossEntry.of("ntxent", LossStyle.VIEWS,
            "mean_i(logsumexp_{j!=i}(z_i.z_j/tau) - z_i.z_pos(i)/tau), z = [a; b], rows divided by their norms",
            "Chen, Kornblith, Norouzi, Hinton 2020, arXiv 2002.05709; spectral.md 10",
            constants -> new ViewsNtXent(constants.number("tau")))
        .with(LossParameter.tau(.5));
  }

  @Override
  public String name() {
    return "ntxent";
  }

  @Override
  public LossStyle style() {
    return LossStyle.VIEWS;
  }

  @Override
  public long workspaceBytes(DType dtype, long samples, long outputs) {
    return SimilarityEvaluation.bytes(Similarity.COS, dtype, 2 * samples, outputs) + NtXent.bytes(dtype, samples);
  }

  @Override
  public LossEvaluation evaluation(Backend backend, DType dtype, long samples, long outputs, SideArrays arrays) {
    arrays.requireOnly(Set.of(), name());
    CosineRows.requireDirections(Similarity.COS, outputs, name());
    return new Evaluation(this, backend, dtype, samples, outputs);
  }

  private static final class Evaluation extends SimilarityEvaluation {

    private final NtXent ntXent;

    Evaluation(ViewsNtXent loss, Backend backend, DType dtype, long samples, long outputs) {
      super(loss, Similarity.COS, backend, dtype, samples, outputs);
      this.ntXent = new NtXent(backend, workspace, dtype, loss.tau, samples);
    }

    @Override
    double ofDotProducts(Matrix rows, Matrix gradient) {
      return ntXent.evaluate(rows, gradient);
    }
  }
}
