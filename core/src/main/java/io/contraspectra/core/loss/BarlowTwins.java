package io.contraspectra.core.loss;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.loss.LossParameter.Domain;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import java.util.Set;

/**
 * Barlow Twins: the cross-correlation C = ÂᵀB̂/N of the standardised views, driven to the identity (spectral.md 4, 10).
 *
 * @param lambda weight of the entries off the diagonal
 * @param eps added to variances under the root
 */
public record BarlowTwins(double lambda, double eps) implements Loss {

  public BarlowTwins {
    LossParameter.require("lambda", Domain.NON_NEGATIVE, lambda);
    LossParameter.require("eps", Domain.NON_NEGATIVE, eps);
  }

  static LossEntry entry() {
    return LossEntry.of("barlow", LossStyle.VIEWS,
            "sum_k (1 - C_kk)^2 + lambda sum_{j!=k} C_jk^2, C = A'B/n of columns (z - mean)/sqrt(var + eps)",
            "Zbontar, Jing, Misra, LeCun, Deny 2021, arXiv 2103.03230; spectral.md 4, 10",
            constants -> new BarlowTwins(constants.number("lambda"), constants.number("eps")))
        .with(LossParameter.of("lambda", Domain.NON_NEGATIVE, .005),
            LossParameter.of("eps", Domain.NON_NEGATIVE, 1e-5));
  }

  @Override
  public String name() {
    return "barlow";
  }

  @Override
  public LossStyle style() {
    return LossStyle.VIEWS;
  }

  @Override
  public long workspaceBytes(DType dtype, long samples, long outputs) {
    return 2 * StandardisedColumns.bytes(dtype, samples, outputs) + Workspace.bytes(dtype, outputs, outputs);
  }

  @Override
  public LossEvaluation evaluation(Backend backend, DType dtype, long samples, long outputs, SideArrays arrays) {
    arrays.requireOnly(Set.of(), name());
    if (samples < 2) {
      throw new InvalidArgument("barlow needs at least 2 samples for a variance, got " + samples);
    }
    return new Evaluation(this, backend, dtype, samples, outputs);
  }

  private static final class Evaluation extends BlockEvaluation {

    private final double lambda;
    private final StandardisedColumns first;
    private final StandardisedColumns second;
    private final Matrix correlation;
    private final HostNumbers host = new HostNumbers();

    Evaluation(BarlowTwins loss, Backend backend, DType dtype, long samples, long outputs) {
      super(loss, backend, dtype, samples, outputs);
      this.lambda = loss.lambda;
      this.first = new StandardisedColumns(backend, workspace, dtype, samples, outputs, loss.eps);
      this.second = new StandardisedColumns(backend, workspace, dtype, samples, outputs, loss.eps);
      this.correlation = workspace.matrix(dtype, outputs, outputs);
    }

    @Override
    double value(Matrix embeddings, Matrix gradient) {
      Matrix a = first.standardise(block(embeddings, 0));
      Matrix b = second.standardise(block(embeddings, 1));
      TiledGemm.gemm(backend, YES, NO, 1.0 / samples, a, b, 0, correlation);
      double[] c = host.of(correlation);
      double value = CrossCorrelation.redundancy(c, Math.toIntExact(outputs), lambda);
      correlation.copyFromStart(c);
      Matrix da = block(gradient, 0);
      Matrix db = block(gradient, 1);
      TiledGemm.gemm(backend, NO, YES, 1.0 / samples, b, correlation, 0, da);
      TiledGemm.gemm(backend, NO, NO, 1.0 / samples, a, correlation, 0, db);
      first.pullBack(da);
      second.pullBack(db);
      return value;
    }
  }
}
