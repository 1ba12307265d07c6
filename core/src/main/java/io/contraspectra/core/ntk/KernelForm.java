package io.contraspectra.core.ntk;

import io.contraspectra.core.backend.Progress;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Network;

/** How an operator multiplies with a kernel that nobody stores. Which is cheaper depends on the number of vectors. */
public enum KernelForm {

  /**
   * Each tile of the kernel is formed, multiplied with all vectors of a block and forgotten: the cost of the kernel for
   * every block, and little for every vector.
   */
  STREAMED {
    @Override
    KernelProduct open(Network network, KernelKind kind, Matrix x, long vectors, long budget, Progress progress) {
      StreamPlan plan = StreamedGram.plan(network, kind, x.rows(), x.rows(), true, vectors, budget);
      return new StreamedGram(network, kind, x, x, plan, vectors, progress);
    }

    @Override
    double flops(Network network, KernelKind kind, long samples, long vectors, long budget) {
      StreamPlan plan = StreamedGram.plan(network, kind, samples, samples, true, vectors, budget);
      return StreamedGram.productFlops(network, kind, plan, vectors)
          + (plan.resident() ? 0 : StreamedGram.signalFlops(network, kind, plan));
    }

    @Override
    long bytes(Network network, KernelKind kind, long samples, long vectors, long budget) {
      return StreamedGram.plan(network, kind, samples, samples, true, vectors, budget).bytes();
    }
  },

  /**
   * No part of the kernel is formed: a pass backward and a pass forward for every vector with the full kernel, a
   * Khatri-Rao product for every vector with the trace kernel, which for a two-layer network takes 4NdM flops.
   */
  MATRIX_FREE {
    @Override
    KernelProduct open(Network network, KernelKind kind, Matrix x, long vectors, long budget, Progress progress) {
      FactorPlan plan = plan(network, kind, x.rows(), vectors, budget);
      return switch (kind) {
        case FULL -> new FullFactors(network, x, plan, progress);
        case TRACE -> new TraceFactors(network, x, plan, progress);
      };
    }

    @Override
    double flops(Network network, KernelKind kind, long samples, long vectors, long budget) {
      FactorPlan plan = plan(network, kind, samples, vectors, budget);
      return switch (kind) {
        case FULL -> FullFactors.flops(network, plan, vectors);
        case TRACE -> TraceFactors.flops(network, plan, vectors);
      };
    }

    @Override
    long bytes(Network network, KernelKind kind, long samples, long vectors, long budget) {
      return plan(network, kind, samples, vectors, budget).bytes();
    }

    private FactorPlan plan(Network network, KernelKind kind, long samples, long vectors, long budget) {
      return switch (kind) {
        case FULL -> FullFactors.plan(network, samples, vectors, budget);
        case TRACE -> TraceFactors.plan(network, samples, vectors, budget);
      };
    }
  };

  /** Memory for products with blocks of up to so many vectors. */
  abstract KernelProduct open(
      Network network, KernelKind kind, Matrix x, long vectors, long budget, Progress progress);

  /** Flops of a product with a block, signals that stay held not counted. */
  abstract double flops(Network network, KernelKind kind, long samples, long vectors, long budget);

  /** Bytes that products with a block take, the block and its products not counted. */
  abstract long bytes(Network network, KernelKind kind, long samples, long vectors, long budget);
}
