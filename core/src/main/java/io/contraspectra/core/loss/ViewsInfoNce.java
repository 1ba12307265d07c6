package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.List;
import java.util.Set;

/**
 * InfoNCE of two views: {@code mean_i(logsumexp_j(a_i·b_j/tau) − a_i·b_i/tau)}, or with both directions averaged, as
 * CLIP does it (gmm.md 10).
 *
 * @param name the name in the catalogue
 * @param similarity dot product or cosine
 * @param tau temperature, positive
 * @param bothWays whether the columns are classified as well as the rows
 */
public record ViewsInfoNce(String name, Similarity similarity, double tau, boolean bothWays) implements Loss {

  private static final String FORMULA = "mean_i(logsumexp_j(a_i.b_j/tau) - a_i.b_i/tau)";

  public ViewsInfoNce {
    LossParameter.require("tau", LossParameter.Domain.POSITIVE, tau);
  }

  static List<LossEntry> entries() {
    return List.of(
        entry("infonce-dot", Similarity.DOT, .7, false, FORMULA,
            "van den Oord, Li, Vinyals 2018, arXiv 1807.03748; gmm.md 10"),
        entry("infonce-cos", Similarity.COS, .2, false, FORMULA + ", rows divided by their norms",
            "van den Oord, Li, Vinyals 2018, arXiv 1807.03748; gmm.md 10"),
        entry("clip-cos", Similarity.COS, .07, true,
            "1/2 " + FORMULA + " + 1/2 the same with a and b exchanged, rows divided by their norms",
            "Radford et al. 2021, arXiv 2103.00020; gmm.md 10"));
  }

  private static LossEntry entry(
      String name, Similarity similarity, double tau, boolean bothWays, String formula, String source) {
    return LossEntry.of(name, LossStyle.VIEWS, formula, source,
            constants -> new ViewsInfoNce(name, similarity, constants.number("tau"), bothWays))
        .with(LossParameter.tau(tau));
  }

  @Override
  public LossStyle style() {
    return LossStyle.VIEWS;
  }

  @Override
  public long workspaceBytes(DType dtype, long samples, long outputs) {
    return SimilarityEvaluation.bytes(similarity, dtype, 2 * samples, outputs) + CrossEntropy.bytes(dtype, samples);
  }

  @Override
  public LossEvaluation evaluation(Backend backend, DType dtype, long samples, long outputs, SideArrays arrays) {
    arrays.requireOnly(Set.of(), name);
    CosineRows.requireDirections(similarity, outputs, name);
    return new Evaluation(this, backend, dtype, samples, outputs);
  }

  private static final class Evaluation extends SimilarityEvaluation {

    private final boolean bothWays;
    private final CrossEntropy crossEntropy;

    Evaluation(ViewsInfoNce loss, Backend backend, DType dtype, long samples, long outputs) {
      super(loss, loss.similarity, backend, dtype, samples, outputs);
      this.bothWays = loss.bothWays;
      this.crossEntropy = new CrossEntropy(backend, workspace, dtype, loss.tau, samples);
    }

    @Override
    double ofDotProducts(Matrix rows, Matrix gradient) {
      Matrix a = block(rows, 0);
      Matrix b = block(rows, 1);
      Matrix da = block(gradient, 0);
      Matrix db = block(gradient, 1);
      backend.fill(0, gradient);
      if (!bothWays) {
        return crossEntropy.add(1, a, b, da, db);
      }
      return (crossEntropy.add(.5, a, b, da, db) + crossEntropy.add(.5, b, a, db, da)) / 2;
    }
  }
}
