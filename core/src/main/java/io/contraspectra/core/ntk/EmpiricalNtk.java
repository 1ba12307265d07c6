package io.contraspectra.core.ntk;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Progress;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.OverBudget;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.operator.SymmetricOperator;
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
  private final long budget;
  private final boolean sent;
  private final Progress progress;

  private EmpiricalNtk(Network network, long budget, boolean sent, Progress progress) {
    this.network = network;
    this.budget = budget;
    this.sent = sent;
    this.progress = progress;
  }

  /** The kernel of {@code network}, which stays the caller's to close; memory is not limited. */
  public static EmpiricalNtk of(Network network) {
    return new EmpiricalNtk(network, Long.MAX_VALUE, false, Progress.NONE);
  }

  /**
   * The same kernel within a memory budget. Results have the same bits for any budget; a smaller one takes longer where
   * signals must be computed again.
   *
   * @param bytes what may be allocated at a time, inputs, parameters and results not counted
   */
  public EmpiricalNtk withBudget(long bytes) {
    return new EmpiricalNtk(network, bytes, sent, progress);
  }

  /** The same kernel, with a listener that is told of finished tiles in flops, and may end the work by throwing. */
  public EmpiricalNtk withProgress(Progress listener) {
    return new EmpiricalNtk(network, budget, sent, listener);
  }

  /**
   * The same kernel, whose plans are for results in host memory. A Gram that is larger than a device's memory goes into
   * a matrix of the processors' backend: tiles are formed on the device and sent there, the same bits as without.
   */
  public EmpiricalNtk sentToHost() {
    return new EmpiricalNtk(network, budget, true, progress);
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
   * @param gram NK x NK, overwritten; in the backend's memory, or in host memory if that is another
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
    cross(KernelKind.FULL, x, y, gram);
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
    symmetric(KernelKind.TRACE, x, NtkTerms.all(network.architecture()), gram);
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
    cross(KernelKind.TRACE, x, y, gram);
  }

  /**
   * Products of the full kernel with vectors, {@code Z = V Theta}. The kernel is formed tile by tile and never stored.
   *
   * @param x N x d inputs
   * @param vectors V, b x NK, a vector a row
   * @param products Z, b x NK, overwritten; must not overlap V
   * @throws OverBudget if the budget is too small for one tile; the message says what is enough
   */
  public void apply(Matrix x, Matrix vectors, Matrix products) {
    product(KernelKind.FULL, x, x, vectors, products);
  }

  /**
   * Products of the full kernel between two sets of inputs with vectors, {@code Z = V Theta(x, y)ᵀ}.
   *
   * @param x N x d inputs, of the kernel's rows
   * @param y N' x d inputs, of its columns
   * @param vectors V, b x N'K
   * @param products Z, b x NK, overwritten
   * @throws OverBudget if the budget is too small for one tile; the message says what is enough
   */
  public void crossApply(Matrix x, Matrix y, Matrix vectors, Matrix products) {
    product(KernelKind.FULL, x, y, vectors, products);
  }

  /**
   * Products of the trace kernel with vectors, {@code Z = V Theta}, as {@link #apply}.
   *
   * @param x N x d inputs
   * @param vectors V, b x N
   * @param products Z, b x N, overwritten; must not overlap V
   * @throws OverBudget if the budget is too small for one tile; the message says what is enough
   */
  public void traceApply(Matrix x, Matrix vectors, Matrix products) {
    product(KernelKind.TRACE, x, x, vectors, products);
  }

  /**
   * Products of the trace kernel between two sets of inputs with vectors, {@code Z = V Theta(x, y)ᵀ}.
   *
   * @param x N x d inputs, of the kernel's rows
   * @param y N' x d inputs, of its columns
   * @param vectors V, b x N'
   * @param products Z, b x N, overwritten
   * @throws OverBudget if the budget is too small for one tile; the message says what is enough
   */
  public void traceCrossApply(Matrix x, Matrix y, Matrix vectors, Matrix products) {
    product(KernelKind.TRACE, x, y, vectors, products);
  }

  /**
   * The full kernel as an operator of NK dimensions that never stores it. Signals of samples stay from one application
   * to the next where the budget allows. Holds for the parameters and inputs as they are, as long as nobody writes
   * them. To be closed by the caller.
   *
   * @param x N x d inputs, kept by reference
   */
  public SymmetricOperator fullOperator(Matrix x, KernelForm form) {
    return new KernelOperator(network, KernelKind.FULL, form, x, budget, progress);
  }

  /** The full kernel as an operator that forms it tile by tile for every block of vectors. */
  public SymmetricOperator fullOperator(Matrix x) {
    return fullOperator(x, KernelForm.STREAMED);
  }

  /**
   * The trace kernel as an operator of N dimensions that never stores it, as {@link #fullOperator}.
   *
   * @param x N x d inputs, kept by reference
   */
  public SymmetricOperator traceOperator(Matrix x, KernelForm form) {
    return new KernelOperator(network, KernelKind.TRACE, form, x, budget, progress);
  }

  /** The trace kernel as an operator that forms it tile by tile for every block of vectors. */
  public SymmetricOperator traceOperator(Matrix x) {
    return traceOperator(x, KernelForm.STREAMED);
  }

  /**
   * The form of the full kernel that finds its k leading eigenpairs with the fewest flops within the budget.
   *
   * @param samples N
   * @param passes passes over the operator where their number is fixed; 0 if it iterates to convergence
   * @param mayStore whether the kernel may be stored
   * @throws InvalidArgument if no form fits into the budget
   */
  public SpectrumPlan fullSpectrumPlan(long samples, int k, int passes, boolean mayStore) {
    return SpectrumPlan.of(network, KernelKind.FULL, samples, k, passes, mayStore, budget);
  }

  /** The form of the trace kernel that finds its k leading eigenpairs with the fewest flops, as for the full kernel. */
  public SpectrumPlan traceSpectrumPlan(long samples, int k, int passes, boolean mayStore) {
    return SpectrumPlan.of(network, KernelKind.TRACE, samples, k, passes, mayStore, budget);
  }

  /** What {@link #full} costs for N samples. */
  public NtkPlan plan(long samples) {
    return NtkPlan.gram(network, KernelKind.FULL, samples, samples, true, sent, budget);
  }

  /** What {@link #cross} costs for N and N' samples. */
  public NtkPlan crossPlan(long rows, long cols) {
    return NtkPlan.gram(network, KernelKind.FULL, rows, cols, false, sent, budget);
  }

  /** What {@link #trace} costs for N samples. */
  public NtkPlan tracePlan(long samples) {
    return NtkPlan.gram(network, KernelKind.TRACE, samples, samples, true, sent, budget);
  }

  /** What {@link #traceCross} costs for N and N' samples. */
  public NtkPlan traceCrossPlan(long rows, long cols) {
    return NtkPlan.gram(network, KernelKind.TRACE, rows, cols, false, sent, budget);
  }

  /** What {@link #apply} costs for N samples and b vectors within the budget. */
  public NtkPlan applyPlan(long samples, long vectors) {
    return NtkPlan.product(network, KernelKind.FULL, samples, samples, true, vectors, budget);
  }

  /** What {@link #crossApply} costs for N and N' samples and b vectors within the budget. */
  public NtkPlan crossApplyPlan(long rows, long cols, long vectors) {
    return NtkPlan.product(network, KernelKind.FULL, rows, cols, false, vectors, budget);
  }

  /** What {@link #traceApply} costs for N samples and b vectors within the budget. */
  public NtkPlan traceApplyPlan(long samples, long vectors) {
    return NtkPlan.product(network, KernelKind.TRACE, samples, samples, true, vectors, budget);
  }

  /** What {@link #traceCrossApply} costs for N and N' samples and b vectors within the budget. */
  public NtkPlan traceCrossApplyPlan(long rows, long cols, long vectors) {
    return NtkPlan.product(network, KernelKind.TRACE, rows, cols, false, vectors, budget);
  }

  Backend backend() {
    return network.backend();
  }

  private Matrix full(Matrix x, NtkTerms terms) {
    long rows = x.rows() * outputs();
    return allocated(rows, rows, gram -> full(x, terms, gram));
  }

  private void full(Matrix x, NtkTerms terms, Matrix gram) {
    requireShape(gram, x.rows() * outputs(), x.rows() * outputs());
    symmetric(KernelKind.FULL, x, terms, gram);
  }

  private void symmetric(KernelKind kind, Matrix x, NtkTerms terms, Matrix gram) {
    GramPlan plan = GramPlan.of(network, kind, terms, x.rows(), x.rows(), true, isElsewhere(gram), budget);
    new StoredGram(network, plan, progress).into(x, x, gram);
  }

  private void cross(KernelKind kind, Matrix x, Matrix y, Matrix gram) {
    if (x == y) {
      symmetric(kind, x, NtkTerms.all(network.architecture()), gram);
      return;
    }
    GramPlan plan = GramPlan.of(network, kind, NtkTerms.all(network.architecture()), x.rows(), y.rows(), false,
        isElsewhere(gram), budget);
    new StoredGram(network, plan, progress).into(x, y, gram);
  }

  private boolean isElsewhere(Matrix gram) {
    return TiledGram.isElsewhere(network, gram);
  }

  private void product(KernelKind kind, Matrix x, Matrix y, Matrix vectors, Matrix products) {
    long perSample = kind.rowsPerSample(network.architecture());
    KernelShapes.require("the vectors", vectors, vectors.rows(), y.rows() * perSample);
    KernelShapes.require("the products", products, vectors.rows(), x.rows() * perSample);
    StreamPlan plan = StreamedGram.plan(network, kind, x.rows(), y.rows(), x == y, vectors.rows(), budget);
    try (var gram = new StreamedGram(network, kind, x, y, plan, vectors.rows(), progress)) {
      gram.apply(vectors, products);
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
