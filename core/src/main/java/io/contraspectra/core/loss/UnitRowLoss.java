package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;
import java.util.Optional;

/**
 * A loss of embeddings on the unit sphere: every row is divided by its norm first, as in the experiments on alpha-CL
 * (alphacl.md 5, 9). Rows without a direction become 0 and get gradient 0. Immutable.
 *
 * @param loss the loss of the unit rows
 */
public record UnitRowLoss(Loss loss) implements Loss {

  @Override
  public String name() {
    return loss.name() + " of unit rows";
  }

  @Override
  public LossStyle style() {
    return loss.style();
  }

  @Override
  public int blocks() {
    return loss.blocks();
  }

  @Override
  public long workspaceBytes(DType dtype, long samples, long outputs) {
    return loss.workspaceBytes(dtype, samples, outputs) + ownBytes(dtype, samples, outputs);
  }

  private long ownBytes(DType dtype, long samples, long outputs) {
    return CosineRows.bytes(dtype, loss.blocks() * samples, outputs);
  }

  @Override
  public LossEvaluation evaluation(Backend backend, DType dtype, long samples, long outputs, SideArrays arrays) {
    CosineRows.requireDirections(Similarity.COS, outputs, name());
    LossEvaluation inner = loss.evaluation(backend, dtype, samples, outputs, arrays);
    try {
      Workspace workspace = backend.workspace(ownBytes(dtype, samples, outputs));
      return new Evaluation(name(), inner, workspace,
          new CosineRows(backend, workspace, dtype, loss.blocks() * samples, outputs));
    } catch (RuntimeException | Error e) {
      inner.close();
      throw e;
    }
  }

  private record Evaluation(String name, LossEvaluation inner, Workspace workspace, CosineRows rows)
      implements LossEvaluation {

    @Override
    public double evaluate(Matrix embeddings, Matrix gradient) {
      Matrix unit = rows.unit();
      if (embeddings.rows() != unit.rows() || embeddings.cols() != unit.cols() || embeddings.dtype() != unit.dtype()) {
        throw new ShapeMismatch(name + ": " + embeddings.describe("embeddings") + " " + embeddings.dtype()
            + " must be " + unit.rows() + "x" + unit.cols() + " " + unit.dtype());
      }
      double value = inner.evaluate(rows.normalise(embeddings), gradient);
      rows.pullBack(gradient);
      return value;
    }

    @Override
    public long zeroRows() {
      return rows.zeroRows();
    }

    @Override
    public Optional<Matrix> parameters() {
      return inner.parameters();
    }

    @Override
    public Optional<Matrix> parameterGradient() {
      return inner.parameterGradient();
    }

    @Override
    public void close() {
      workspace.close();
      inner.close();
    }
  }
}
