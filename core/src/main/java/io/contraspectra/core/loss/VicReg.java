package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.loss.LossParameter.Domain;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import java.util.Set;

/**
 * VICReg of two views: the mean squared difference of the views, a hinge that keeps each column's standard deviation
 * at 1 or more, and the squared covariances of different columns; variances and covariances with N − 1 (spectral.md
 * 10).
 *
 * @param invariance weight of the mean squared difference
 * @param variance weight of the hinge, half of it for each view
 * @param covariance weight of the squared covariances over K
 * @param eps added to variances under the root
 */
public record VicReg(double invariance, double variance, double covariance, double eps) implements Loss {

  public VicReg {
    LossParameter.require("invariance", Domain.NON_NEGATIVE, invariance);
    LossParameter.require("variance", Domain.NON_NEGATIVE, variance);
    LossParameter.require("covariance", Domain.NON_NEGATIVE, covariance);
    LossParameter.require("eps", Domain.NON_NEGATIVE, eps);
  }

  static LossEntry entry() {
    return LossEntry.of("vicreg", LossStyle.VIEWS,
            "invariance mean_{i,k}((a_ik - b_ik)^2) + sum over views of variance/2 mean_k(max(0, 1 - sqrt(C_kk + eps)))"
                + " + covariance/K sum_{j!=k} C_jk^2, C the view's covariance (n - 1)",
            "Bardes, Ponce, LeCun 2022, arXiv 2105.04906; spectral.md 10",
            c -> new VicReg(c.number("invariance"), c.number("variance"), c.number("covariance"), c.number("eps")))
        .with(LossParameter.of("invariance", Domain.NON_NEGATIVE, 25),
            LossParameter.of("variance", Domain.NON_NEGATIVE, 25),
            LossParameter.of("covariance", Domain.NON_NEGATIVE, 1),
            LossParameter.of("eps", Domain.NON_NEGATIVE, 1e-4));
  }

  @Override
  public String name() {
    return "vicreg";
  }

  @Override
  public LossStyle style() {
    return LossStyle.VIEWS;
  }

  @Override
  public long workspaceBytes(DType dtype, long samples, long outputs) {
    return Workspace.bytes(dtype, samples, outputs) + Covariance.bytes(dtype, samples, outputs);
  }

  @Override
  public LossEvaluation evaluation(Backend backend, DType dtype, long samples, long outputs, SideArrays arrays) {
    arrays.requireOnly(Set.of(), name());
    if (samples < 2) {
      throw new InvalidArgument("vicreg needs at least 2 samples for a variance, got " + samples);
    }
    return new Evaluation(this, backend, dtype, samples, outputs);
  }

  private static final class Evaluation extends BlockEvaluation {

    private final VicReg loss;
    private final Matrix difference;
    private final Covariance covariance;

    Evaluation(VicReg loss, Backend backend, DType dtype, long samples, long outputs) {
      super(loss, backend, dtype, samples, outputs);
      this.loss = loss;
      this.difference = workspace.matrix(dtype, samples, outputs);
      this.covariance = new Covariance(backend, workspace, dtype, samples, outputs, 1);
    }

    @Override
    double value(Matrix embeddings, Matrix gradient) {
      Matrix a = block(embeddings, 0);
      Matrix b = block(embeddings, 1);
      double share = loss.invariance / (samples * outputs);
      backend.copy(a, difference);
      backend.add(-1, b, 1, difference);
      backend.add(2 * share, difference, 0, block(gradient, 0));
      backend.add(-2 * share, difference, 0, block(gradient, 1));
      return share * backend.dot(difference, difference)
          + spread(a, block(gradient, 0)) + spread(b, block(gradient, 1));
    }

    /** The variance and covariance terms of one view; adds their gradient. */
    private double spread(Matrix view, Matrix gradient) {
      double[] c = covariance.of(view);
      int k = Math.toIntExact(outputs);
      double hinge = 0;
      double offDiagonal = 0;
      for (int row = 0; row < k; row++) {
        for (int col = 0; col < k; col++) {
          int at = row * k + col;
          if (row != col) {
            offDiagonal += c[at] * c[at];
            c[at] *= 2 * loss.covariance / k;
          } else {
            double deviation = Math.sqrt(c[at] + loss.eps);
            hinge += Math.max(0, 1 - deviation);
            c[at] = deviation < 1 && deviation > 0 ? -loss.variance / (4 * k * deviation) : 0;
          }
        }
      }
      covariance.addGradient(c, gradient);
      return loss.variance / 2 * hinge / k + loss.covariance * offDiagonal / k;
    }
  }
}
