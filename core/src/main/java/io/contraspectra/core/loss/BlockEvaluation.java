package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;

/** What all evaluations share: the checks of their operands, their blocks of rows, one slab of buffers. */
abstract class BlockEvaluation implements LossEvaluation {

  final Backend backend;
  final DType dtype;
  final long samples;
  final long outputs;
  final Workspace workspace;
  private final Loss loss;

  /** Allocates {@link Loss#workspaceBytes} of buffers, for the subclass to carve. */
  BlockEvaluation(Loss loss, Backend backend, DType dtype, long samples, long outputs) {
    requireSamples(loss, samples);
    if (outputs < 1) {
      throw new InvalidArgument(loss.name() + " needs embeddings of at least one dimension, got " + outputs);
    }
    this.loss = loss;
    this.backend = backend;
    this.dtype = dtype;
    this.samples = samples;
    this.outputs = outputs;
    this.workspace = backend.workspace(loss.workspaceBytes(dtype, samples, outputs));
  }

  /** Refuses embeddings without rows. */
  static void requireSamples(Loss loss, long samples) {
    if (samples < 1) {
      throw new InvalidArgument(loss.name() + " needs at least one sample, got " + samples);
    }
  }

  /** The loss of finite embeddings of the right shape; overwrites every row of the gradient. */
  abstract double value(Matrix embeddings, Matrix gradient);

  @Override
  public final double evaluate(Matrix embeddings, Matrix gradient) {
    requireEmbeddings(embeddings);
    requireShape("gradient", gradient);
    return value(embeddings, gradient);
  }

  /** Refuses embeddings of another shape, or that are not finite. */
  final void requireEmbeddings(Matrix embeddings) {
    requireShape("embeddings", embeddings);
    for (int block = 0; block < loss.blocks(); block++) {
      backend.requireFinite(loss.name() + ": block '" + loss.style().arrays().get(block) + "' of the embeddings",
          block(embeddings, block));
    }
  }

  @Override
  public long zeroRows() {
    return 0;
  }

  @Override
  public void close() {
    workspace.close();
  }

  /** The rows of one block. */
  final Matrix block(Matrix stacked, int block) {
    return stacked.rowRange(block * samples, samples);
  }

  private void requireShape(String operand, Matrix matrix) {
    long rows = loss.blocks() * samples;
    if (matrix.rows() != rows || matrix.cols() != outputs || matrix.dtype() != dtype) {
      throw new ShapeMismatch(loss.name() + ": " + operand + " must be " + rows + "x" + outputs + " " + dtype + ": "
          + loss.blocks() + " blocks of " + samples + " rows; got " + matrix.describe("") + " " + matrix.dtype());
    }
  }
}
