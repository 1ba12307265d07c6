package io.contraspectra.core.training;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.loss.Loss;
import io.contraspectra.core.loss.LossEvaluation;
import io.contraspectra.core.loss.LossStyle;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;

/**
 * The max player's loss {@code L = −(1/2) tr(FᵀQF)} at a fixed pairwise importance (alphacl.md 3, 6): with F the
 * embeddings of all points, Q is the symmetric matrix of the energy {@code E_α}. On the d unit vectors as inputs of a
 * linear network, {@code F = Wᵀ} and Q is the contrastive covariance itself.
 *
 * @param q n x n, symmetric, indefinite allowed; kept by reference
 */
public record QuadraticEnergy(Matrix q) implements Loss {

  /** The loss of a symmetric matrix. */
  public QuadraticEnergy {
    if (q.rows() != q.cols() || q.rows() == 0) {
      throw new ShapeMismatch("quadratic energy: " + q.describe("Q") + " must be square");
    }
  }

  @Override
  public String name() {
    return "quadratic-energy";
  }

  @Override
  public LossStyle style() {
    return LossStyle.GRAPH;
  }

  @Override
  public long workspaceBytes(DType dtype, long samples, long outputs) {
    return 0;
  }

  @Override
  public LossEvaluation evaluation(Backend backend, DType dtype, long samples, long outputs, SideArrays arrays) {
    if (samples != q.rows() || dtype != q.dtype()) {
      throw new ShapeMismatch("quadratic energy: " + q.describe("Q") + " " + q.dtype() + " is for batches of "
          + q.rows() + ", got " + samples + " " + dtype);
    }
    return new Evaluation(backend, q);
  }

  private record Evaluation(Backend backend, Matrix q) implements LossEvaluation {

    @Override
    public double evaluate(Matrix embeddings, Matrix gradient) {
      backend.gemm(NO, NO, -1, q, embeddings, 0, gradient);
      return backend.dot(embeddings, gradient) / 2;
    }

    @Override
    public long zeroRows() {
      return 0;
    }

    @Override
    public void close() {}
  }
}
