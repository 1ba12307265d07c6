package io.contraspectra.core.ntk;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Progress;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.operator.SymmetricOperator;
import org.jspecify.annotations.Nullable;

/** A kernel of one set of inputs with itself as an operator that never stores it. */
final class KernelOperator implements SymmetricOperator {

  private static final int MATRIX_FREE_BLOCK = 3;

  private final Network network;
  private final KernelKind kind;
  private final KernelForm form;
  private final Matrix inputs;
  private final long budget;
  private final Progress progress;
  private @Nullable KernelProduct product;
  private long capacity;

  /** Nothing is computed or allocated before the first application. */
  KernelOperator(Network network, KernelKind kind, KernelForm form, Matrix inputs, long budget, Progress progress) {
    this.network = network;
    this.kind = kind;
    this.form = form;
    this.inputs = inputs;
    this.budget = budget;
    this.progress = progress;
  }

  @Override
  public Backend backend() {
    return network.backend();
  }

  @Override
  public DType dtype() {
    return network.dtype();
  }

  @Override
  public long size() {
    return inputs.rows() * kind.rowsPerSample(network.architecture());
  }

  @Override
  public void apply(Matrix x, Matrix y) {
    KernelShapes.require("X", x, x.rows(), size());
    KernelShapes.require("Y", y, x.rows(), size());
    productFor(x.rows()).apply(x, y);
  }

  // Larger blocks than before may need another plan; smaller ones use what is there.
  private KernelProduct productFor(long vectors) {
    KernelProduct current = product;
    if (current == null || vectors > capacity) {
      close();
      current = form.open(network, kind, inputs, vectors, budget, progress);
      product = current;
      capacity = vectors;
    }
    return current;
  }

  @Override
  public void rows(int[] indices, Matrix c) {
    new KernelRows(network, kind, inputs).into(indices, c, progress);
  }

  // Vectors that share a pass over the signals cost a third less each, and three need hardly more in all than one by one.
  @Override
  public int preferredBlock() {
    return switch (form) {
      case STREAMED -> SymmetricOperator.super.preferredBlock();
      case MATRIX_FREE -> MATRIX_FREE_BLOCK;
    };
  }

  /** {@inheritDoc} Signals that stay held between applications are not counted. */
  @Override
  public double flops(long vectors) {
    return form.flops(network, kind, inputs.rows(), vectors, budget);
  }

  @Override
  public void close() {
    if (product != null) {
      product.close();
      product = null;
    }
  }
}
