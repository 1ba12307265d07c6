package io.contraspectra.core.ntk;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Progress;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.operator.SymmetricOperator;
import org.jspecify.annotations.Nullable;

/** A kernel of one set of inputs with itself as an operator that forms it anew, tile by tile, for every block. */
final class StreamedOperator implements SymmetricOperator {

  private final Network network;
  private final KernelKind kind;
  private final Matrix inputs;
  private final long budget;
  private final Progress progress;
  private @Nullable StreamedGram gram;
  private long vectors;

  /** Nothing is computed or allocated before the first application. */
  StreamedOperator(Network network, KernelKind kind, Matrix inputs, long budget, Progress progress) {
    this.network = network;
    this.kind = kind;
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
    gramFor(x.rows()).apply(x, y);
  }

  private StreamedGram gramFor(long count) {
    StreamedGram current = gram;
    if (current == null || count > vectors) {
      close();
      current = new StreamedGram(network, kind, inputs, inputs, plan(count), count, progress);
      gram = current;
      vectors = count;
    }
    return current;
  }

  /** {@inheritDoc} Signals that are held between applications are not counted. */
  @Override
  public double flops(long count) {
    StreamPlan plan = plan(count);
    return StreamedGram.productFlops(network, kind, plan, count)
        + (plan.resident() ? 0 : StreamedGram.signalFlops(network, plan));
  }

  private StreamPlan plan(long count) {
    return StreamedGram.plan(network, kind, inputs.rows(), inputs.rows(), true, count, budget);
  }

  @Override
  public void close() {
    if (gram != null) {
      gram.close();
      gram = null;
    }
  }
}
