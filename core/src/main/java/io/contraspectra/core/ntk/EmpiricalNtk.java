package io.contraspectra.core.ntk;

import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.Network;
import java.util.function.Consumer;

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
    return full(x, NtkTerms.all(network.architecture()));
  }

  /**
   * The full kernel, into a matrix of the caller's.
   *
   * @param x N x d inputs
   * @param gram NK x NK, overwritten
   */
  public void full(Matrix x, Matrix gram) {
    full(x, NtkTerms.all(network.architecture()), gram);
  }

  /**
   * The part of the kernel that comes from W^l alone; these parts and {@link #biasPart} sum up to {@link #full}.
   *
   * @param layer l = 1..L
   * @return NK x NK, to be closed by the caller
   */
  public Matrix weightPart(int layer, Matrix x) {
    return full(x, NtkTerms.weight(network.architecture(), layer));
  }

  /**
   * The part of the kernel that comes from b^l alone.
   *
   * @param layer l = 1..L
   * @return NK x NK, to be closed by the caller
   * @throws ShapeMismatch if the network has no biases
   */
  public Matrix biasPart(int layer, Matrix x) {
    return full(x, NtkTerms.bias(network.architecture(), layer));
  }

  /**
   * The full kernel between two sets of inputs.
   *
   * @param x N x d inputs, of the rows
   * @param y N' x d inputs, of the columns
   * @return NK x N'K, to be closed by the caller
   */
  public Matrix cross(Matrix x, Matrix y) {
    return allocated(x.rows() * outputs(), y.rows() * outputs(), gram -> cross(x, y, gram));
  }

  /**
   * The full kernel between two sets of inputs, into a matrix of the caller's.
   *
   * @param x N x d inputs, of the rows
   * @param y N' x d inputs, of the columns
   * @param gram NK x N'K, overwritten
   */
  public void cross(Matrix x, Matrix y, Matrix gram) {
    requireShape(gram, x.rows() * outputs(), y.rows() * outputs());
    NtkTerms terms = NtkTerms.all(network.architecture());
    try (var left = new InputSignals(network, x, terms); var right = new InputSignals(network, y, terms)) {
      new FullGram(network, left, right, terms).into(gram);
    }
  }

  /**
   * The trace kernel, {@code (1/K) Σ_k Theta[(n,k),(m,k)]}.
   *
   * @param x N x d inputs
   * @return N x N, symmetric to the last bit; to be closed by the caller
   */
  public Matrix trace(Matrix x) {
    return allocated(x.rows(), x.rows(), gram -> trace(x, gram));
  }

  /**
   * The trace kernel, into a matrix of the caller's.
   *
   * @param x N x d inputs
   * @param gram N x N, overwritten
   */
  public void trace(Matrix x, Matrix gram) {
    requireShape(gram, x.rows(), x.rows());
    NtkTerms terms = NtkTerms.all(network.architecture());
    try (var signals = new InputSignals(network, x, terms);
        var trace = new TraceGram(network, signals, signals, terms)) {
      trace.into(gram);
    }
  }

  /**
   * The trace kernel between two sets of inputs.
   *
   * @param x N x d inputs, of the rows
   * @param y N' x d inputs, of the columns
   * @return N x N', to be closed by the caller
   */
  public Matrix traceCross(Matrix x, Matrix y) {
    return allocated(x.rows(), y.rows(), gram -> traceCross(x, y, gram));
  }

  /**
   * The trace kernel between two sets of inputs, into a matrix of the caller's.
   *
   * @param x N x d inputs, of the rows
   * @param y N' x d inputs, of the columns
   * @param gram N x N', overwritten
   */
  public void traceCross(Matrix x, Matrix y, Matrix gram) {
    requireShape(gram, x.rows(), y.rows());
    NtkTerms terms = NtkTerms.all(network.architecture());
    try (var left = new InputSignals(network, x, terms); var right = new InputSignals(network, y, terms);
        var trace = new TraceGram(network, left, right, terms)) {
      trace.into(gram);
    }
  }

  /** What {@link #full} costs for N samples. */
  public NtkPlan plan(long samples) {
    return NtkPlan.full(network, samples, samples, true);
  }

  /** What {@link #cross} costs for N and N' samples. */
  public NtkPlan crossPlan(long rows, long cols) {
    return NtkPlan.full(network, rows, cols, false);
  }

  /** What {@link #trace} costs for N samples. */
  public NtkPlan tracePlan(long samples) {
    return NtkPlan.trace(network, samples, samples, true);
  }

  /** What {@link #traceCross} costs for N and N' samples. */
  public NtkPlan traceCrossPlan(long rows, long cols) {
    return NtkPlan.trace(network, rows, cols, false);
  }

  private Matrix full(Matrix x, NtkTerms terms) {
    long rows = x.rows() * outputs();
    return allocated(rows, rows, gram -> full(x, terms, gram));
  }

  private void full(Matrix x, NtkTerms terms, Matrix gram) {
    requireShape(gram, x.rows() * outputs(), x.rows() * outputs());
    try (var signals = new InputSignals(network, x, terms)) {
      new FullGram(network, signals, signals, terms).into(gram);
    }
  }

  private Matrix allocated(long rows, long cols, Consumer<Matrix> kernel) {
    Matrix gram = network.backend().zeros(network.dtype(), rows, cols);
    try {
      kernel.accept(gram);
      return gram;
    } catch (RuntimeException | Error e) {
      gram.close();
      throw e;
    }
  }

  private void requireShape(Matrix gram, long rows, long cols) {
    if (gram.rows() != rows || gram.cols() != cols) {
      throw new ShapeMismatch("ntk: " + gram.describe("the Gram") + " must be " + rows + "x" + cols + " for these"
          + " inputs and " + outputs() + " outputs");
    }
  }

  private int outputs() {
    return network.architecture().outputs();
  }
}
