package io.contraspectra.core.ntk;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Propagation;

/**
 * The neural tangent kernel of a network at its present parameters:
 * {@code Theta[(n,k),(m,j)] = <grad f_k(x_n), grad f_j(x_m)>}, the gradients taken over all parameters.
 *
 * <p>The Gram is a sum over layers of (forward Gram) ∘ (backward Gram) and never passes through the NK x P Jacobian
 * (ntk.md 2): {@code Theta = Σ_l [s_l² A^(l-1) A^(l-1)ᵀ + beta²] ⊗ 1 ∘ B^l B^lᵀ}, where the last layer's factor
 * {@code B^L B^Lᵀ} is {@code 1 ⊗ I}. Safe to call from several threads as long as nobody writes the parameters.
 */
public final class EmpiricalNtk {

  private final Network network;

  private EmpiricalNtk(Network network) {
    this.network = network;
  }

  /** The kernel of {@code network}, which stays the caller's to close. */
  public static EmpiricalNtk of(Network network) {
    return new EmpiricalNtk(network);
  }

  /**
   * The full kernel of all outputs.
   *
   * @param x N x d inputs, rows are samples
   * @return NK x NK, symmetric to the last bit, row {@code n*K + k}; to be closed by the caller
   */
  public Matrix full(Matrix x) {
    return allocated(x, NtkTerms.all(network.architecture()));
  }

  /**
   * The full kernel, into a matrix of the caller's.
   *
   * @param x N x d inputs
   * @param gram NK x NK, overwritten
   */
  public void full(Matrix x, Matrix gram) {
    compute(x, NtkTerms.all(network.architecture()), gram);
  }

  /**
   * The part of the kernel that comes from W^l alone; these parts and {@link #biasPart} sum up to {@link #full}.
   *
   * @param layer l = 1..L
   * @return NK x NK, to be closed by the caller
   */
  public Matrix weightPart(int layer, Matrix x) {
    return allocated(x, NtkTerms.weight(network.architecture(), layer));
  }

  /**
   * The part of the kernel that comes from b^l alone.
   *
   * @param layer l = 1..L
   * @return NK x NK, to be closed by the caller
   * @throws ShapeMismatch if the network has no biases
   */
  public Matrix biasPart(int layer, Matrix x) {
    return allocated(x, NtkTerms.bias(network.architecture(), layer));
  }

  /** What {@link #full} costs for N samples. */
  public NtkPlan plan(long samples) {
    var architecture = network.architecture();
    long rows = Math.multiplyExact(samples, architecture.outputs());
    TriangularGrid grid = FullGram.grid(architecture, samples);
    double flops = 0;
    for (int layer = 1; layer <= architecture.layers(); layer++) {
      flops += 2.0 * samples * architecture.width(layer) * architecture.width(layer - 1);
      flops += 2 * grid.pairs() * architecture.width(layer - 1);
      if (layer < architecture.layers()) {
        flops += 2 * grid.pairs() * architecture.outputs() * architecture.outputs() * architecture.width(layer);
      }
      if (layer > 1 && layer < architecture.layers()) {
        flops += 2.0 * rows * architecture.width(layer) * architecture.width(layer - 1);
      }
    }
    long bytes = Matrix.bytes(network.dtype(), rows, rows)
        + Propagation.workspaceBytes(network, samples)
        + BackwardSignals.workspaceBytes(network, samples);
    return new NtkPlan(rows, flops, bytes, grid.tiles());
  }

  private Matrix allocated(Matrix x, NtkTerms terms) {
    long rows = Math.multiplyExact(x.rows(), network.architecture().outputs());
    Matrix gram = backend().zeros(network.dtype(), rows, rows);
    try {
      compute(x, terms, gram);
      return gram;
    } catch (RuntimeException | Error e) {
      gram.close();
      throw e;
    }
  }

  private void compute(Matrix x, NtkTerms terms, Matrix gram) {
    long rows = x.rows() * network.architecture().outputs();
    if (gram.rows() != rows || gram.cols() != rows) {
      throw new ShapeMismatch("ntk: " + gram.describe("the Gram") + " must be " + rows + "x" + rows + " for "
          + x.rows() + " samples of " + network.architecture().outputs() + " outputs");
    }
    try (var batch = new Propagation(network, x.rows())) {
      batch.forward(x);
      try (var signals = new BackwardSignals(network, batch, x.rows())) {
        new FullGram(network, batch, signals, terms).into(gram);
      }
    }
  }

  private Backend backend() {
    return network.backend();
  }
}
