package io.contraspectra.core.ntk;

import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.OverBudget;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.operator.Operators;
import io.contraspectra.core.operator.SymmetricOperator;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Which form of a kernel finds its leading eigenpairs with the fewest flops, within a memory budget. What an
 * eigensolver will need is not known beforehand; these are the numbers of vectors that it took on kernels of random
 * networks.
 *
 * @param form the cheapest form that fits
 * @param flops of every form
 * @param bytes of every form, vectors not counted
 * @param budget bytes that were allowed
 */
public record SpectrumPlan(Form form, Map<Form, Double> flops, Map<Form, Long> bytes, long budget) {

  /** What an operator does with the kernel. */
  public enum Form {
    /** Formed once and stored. */
    STORED,
    /** Formed again for every block of vectors, see {@link KernelForm#STREAMED}. */
    STREAMED,
    /** Never formed, see {@link KernelForm#MATRIX_FREE}. */
    MATRIX_FREE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private static final int STORED_PASSES = 10;
  private static final int STORED_BLOCK = 16;
  private static final int STREAMED_PASSES = 6;
  private static final int STREAMED_BLOCK = 64;

  /**
   * The plan for k pairs of a kernel.
   *
   * @param samples N
   * @param k pairs
   * @param passes passes over the operator where their number is fixed; 0 if it iterates to convergence
   * @param mayStore whether the stored form is allowed
   * @throws InvalidArgument if no form fits into the budget
   */
  static SpectrumPlan of(
      Network network, KernelKind kind, long samples, int k, int passes, boolean mayStore, long budget) {
    var flops = new EnumMap<Form, Double>(Form.class);
    var bytes = new EnumMap<Form, Long>(Form.class);
    long n = samples * kind.rowsPerSample(network.architecture());
    if (mayStore) {
      NtkPlan gram = NtkPlan.gram(network, kind, samples, samples, true, false, Long.MAX_VALUE);
      long blocks = passes > 0 ? passes : STORED_PASSES;
      flops.put(Form.STORED, gram.flops() + 2.0 * n * n * blocks * Math.max(STORED_BLOCK, k));
      bytes.put(Form.STORED, gram.bytes());
    }
    long block = Math.max(STREAMED_BLOCK, 2L * k);
    put(flops, bytes, Form.STREAMED, passes > 0 ? passes : STREAMED_PASSES, block, network, kind, samples, budget);
    put(flops, bytes, Form.MATRIX_FREE, 1, passes > 0 ? passes * (2L * k + 10) : 6L * k + 15, network, kind, samples,
        budget);
    Form form = flops.keySet().stream().filter(candidate -> bytes.get(candidate) <= budget)
        .min(Comparator.comparing(flops::get))
        .orElseThrow(() -> new InvalidArgument("ntk: no form of the kernel of " + samples + " samples fits into "
            + budget + " bytes; allow more"));
    return new SpectrumPlan(form, Map.copyOf(flops), Map.copyOf(bytes), budget);
  }

  private static void put(Map<Form, Double> flops, Map<Form, Long> bytes, Form form, long times, long vectors,
      Network network, KernelKind kind, long samples, long budget) {
    KernelForm kernel = form == Form.STREAMED ? KernelForm.STREAMED : KernelForm.MATRIX_FREE;
    try {
      flops.put(form, times * kernel.flops(network, kind, samples, vectors, budget));
      bytes.put(form, kernel.bytes(network, kind, samples, Math.min(vectors, STREAMED_BLOCK), budget));
    } catch (OverBudget _) {
      // Not even one tile fits.
      flops.remove(form);
    }
  }

  /** The trace kernel in the form that was chosen; to be closed by the caller. */
  public SymmetricOperator traceOperator(EmpiricalNtk ntk, Matrix x) {
    return switch (form) {
      case STORED -> Operators.owning(ntk.backend(), ntk.trace(x));
      case STREAMED -> ntk.traceOperator(x, KernelForm.STREAMED);
      case MATRIX_FREE -> ntk.traceOperator(x, KernelForm.MATRIX_FREE);
    };
  }

  /** The full kernel in the form that was chosen; to be closed by the caller. */
  public SymmetricOperator fullOperator(EmpiricalNtk ntk, Matrix x) {
    return switch (form) {
      case STORED -> Operators.owning(ntk.backend(), ntk.full(x));
      case STREAMED -> ntk.fullOperator(x, KernelForm.STREAMED);
      case MATRIX_FREE -> ntk.fullOperator(x, KernelForm.MATRIX_FREE);
    };
  }

  /** The choice and what it was made from, e.g. {@code matrix-free: stored 1.4e+12, matrix-free 1.6e+11 flops}. */
  public String report() {
    return form + ": " + flops.entrySet().stream().sorted(Map.Entry.comparingByKey())
        .map(entry -> entry.getKey() + String.format(Locale.ROOT, " %.2g", entry.getValue())
            + (bytes.get(entry.getKey()) <= budget ? "" : " (too large)"))
        .collect(Collectors.joining(", ")) + " flops expected";
  }
}
