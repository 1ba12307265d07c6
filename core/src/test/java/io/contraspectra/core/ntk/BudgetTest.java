package io.contraspectra.core.ntk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.backend.Progress;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.MemoryLedger;
import io.contraspectra.core.matrix.OverBudget;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.TestNetworks;
import io.contraspectra.core.operator.SymmetricOperator;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Kernels within memory budgets: the same bits, no more memory than allowed, and plans that say what happens. */
class BudgetTest {

  // Samples enough for several tiles, where signals may have to go, side by side too.
  private enum Job {
    FULL(Architecture.ntk(Activation.RELU, 3, 40, 16), 100, 0),
    DEEP(Architecture.ntk(Activation.ERF, 3, 20, 30, 16).withBiases(0.5), 90, 0),
    CROSS(Architecture.ntk(Activation.TANH, 3, 20, 10, 1), 60, 5700),
    TRACE(Architecture.ntk(Activation.RELU, 2, 30, 20, 3), 2600, 0),
    TRACE_CROSS(Architecture.ntk(Activation.GELU, 2, 30, 3), 300, 2600);

    private final Architecture architecture;
    private final int samples;
    private final int others;

    Job(Architecture architecture, int samples, int others) {
      this.architecture = architecture;
      this.samples = samples;
      this.others = others;
    }

    NtkPlan plan(EmpiricalNtk ntk) {
      return switch (this) {
        case FULL, DEEP -> ntk.plan(samples);
        case CROSS -> ntk.crossPlan(samples, others);
        case TRACE -> ntk.tracePlan(samples);
        case TRACE_CROSS -> ntk.traceCrossPlan(samples, others);
      };
    }

    Matrix run(EmpiricalNtk ntk, Matrix x, Matrix y) {
      return switch (this) {
        case FULL, DEEP -> ntk.full(x);
        case CROSS -> ntk.cross(x, y);
        case TRACE -> ntk.trace(x);
        case TRACE_CROSS -> ntk.traceCross(x, y);
      };
    }
  }

  /** What came out of a job. */
  private record Outcome(int bits, NtkPlan plan, long peak) {}

  private static Outcome outcome(Job job, int threads, DType dtype, long budget) {
    try (Backend backend = Backends.cpu(threads);
        Network network = TestNetworks.gaussian(job.architecture, backend, dtype, 1);
        Matrix x = TestNetworks.inputs(backend, dtype, job.samples, job.architecture.inputs(), 2);
        Matrix y = TestNetworks.inputs(backend, dtype, job.others, job.architecture.inputs(), 3)) {
      var ntk = EmpiricalNtk.of(network).withBudget(budget);
      NtkPlan plan = job.plan(ntk);
      MemoryLedger.resetPeak();
      long before = MemoryLedger.openBytes();
      try (Matrix gram = job.run(ntk, x, y)) {
        return new Outcome(bits(gram), plan, MemoryLedger.peakBytes() - before);
      }
    }
  }

  private static int bits(Matrix matrix) {
    int bits = 1;
    for (long row = 0; row < matrix.rows(); row++) {
      bits = 31 * bits + Arrays.hashCode(matrix.rowRange(row, 1).toArray());
    }
    return bits;
  }

  @ParameterizedTest
  @EnumSource
  void storedKernels(Job job) {
    for (DType dtype : DType.values()) {
      Outcome free = outcome(job, 1, dtype, Long.MAX_VALUE);
      for (int threads : new int[] {1, 3}) {
        long least = assertThrows(OverBudget.class, () -> outcome(job, threads, dtype, 1)).least();
        assertThrows(OverBudget.class, () -> outcome(job, threads, dtype, least - 1));
        for (long budget : new long[] {least, least + least / 5, 2 * least, Long.MAX_VALUE}) {
          Outcome outcome = outcome(job, threads, dtype, budget);
          String where = threads + " threads, " + budget + " bytes, least " + least;
          assertEquals(free.bits(), outcome.bits(), where);
          assertTrue(outcome.peak() <= outcome.plan().bytes(), where);
          assertTrue(threads > 1 || outcome.peak() >= 0.8 * outcome.plan().bytes(), where);
          long result = Matrix.bytes(dtype, outcome.plan().rows(), outcome.plan().cols());
          assertTrue(outcome.plan().bytes() - result <= budget, where);
          assertTrue(outcome.plan().flops() >= free.plan().flops(), where);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void operatorsStayWithinTheirBudget(KernelForm form) {
    for (Job job : List.of(Job.DEEP, Job.TRACE)) {
      KernelKind kind = job == Job.TRACE ? KernelKind.TRACE : KernelKind.FULL;
      try (Backend backend = Backends.cpu(2);
          Network network = TestNetworks.gaussian(job.architecture, backend, DType.F64, 1);
          Matrix x = TestNetworks.inputs(backend, DType.F64, job.samples, job.architecture.inputs(), 2)) {
        long least = assertThrows(
            OverBudget.class, () -> form.bytes(network, kind, job.samples, 5, 0)).least();
        for (long budget : new long[] {least, 2 * least, 5 * least}) {
          MemoryLedger.resetPeak();
          var ntk = EmpiricalNtk.of(network).withBudget(budget);
          try (SymmetricOperator operator =
                  kind == KernelKind.FULL ? ntk.fullOperator(x, form) : ntk.traceOperator(x, form);
              Matrix v = TestNetworks.inputs(backend, DType.F64, 5, operator.size(), 3);
              Matrix z = backend.zeros(DType.F64, 5, operator.size())) {
            long before = MemoryLedger.openBytes();
            operator.apply(v, z);
            assertTrue(MemoryLedger.peakBytes() - before <= budget, form + " within " + budget);
            assertTrue(form.bytes(network, kind, job.samples, 5, budget) <= budget, form + " within " + budget);
          }
        }
      }
    }
  }

  @Test
  void plansCountTheFlopsThatAreExecuted() {
    for (Architecture architecture : List.of(Architecture.ntk(Activation.ERF, 3, 5, 2),
        Architecture.ntk(Activation.TANH, 4, 6, 5, 3).withBiases(1), Architecture.ntk(Activation.RELU, 4, 3))) {
      var counted = new FlopCounter();
      try (Backend backend = counted.backend();
          Network network = TestNetworks.gaussian(architecture, backend, DType.F64, 1);
          Matrix x = TestNetworks.inputs(backend, DType.F64, 70, architecture.inputs(), 2);
          Matrix y = TestNetworks.inputs(backend, DType.F64, 23, architecture.inputs(), 3);
          Matrix v = TestNetworks.inputs(backend, DType.F64, 3, 70L * architecture.outputs(), 4);
          Matrix z = backend.zeros(DType.F64, 3, v.cols())) {
        var ntk = EmpiricalNtk.of(network);
        long narrow = assertThrows(OverBudget.class, () -> ntk.withBudget(0).traceApplyPlan(70, 3)).least();
        assertEquals(ntk.plan(70).flops(), counted.during(() -> ntk.full(x).close()));
        assertEquals(ntk.crossPlan(70, 23).flops(), counted.during(() -> ntk.cross(x, y).close()));
        assertEquals(ntk.tracePlan(70).flops(), counted.during(() -> ntk.trace(x).close()));
        assertEquals(ntk.traceCrossPlan(23, 70).flops(), counted.during(() -> ntk.traceCross(y, x).close()));
        assertEquals(ntk.applyPlan(70, 3).flops(), counted.during(() -> ntk.apply(x, v, z)));
        Matrix few = v.block(0, 0, 3, 70);
        Matrix products = z.block(0, 0, 3, 70);
        var tight = ntk.withBudget(narrow);
        assertEquals(tight.traceApplyPlan(70, 3).flops(), counted.during(() -> tight.traceApply(x, few, products)));
        for (KernelForm form : KernelForm.values()) {
          for (KernelKind kind : KernelKind.values()) {
            long size = 70 * kind.rowsPerSample(architecture);
            Matrix in = v.block(0, 0, 3, size);
            Matrix out = z.block(0, 0, 3, size);
            long least = assertThrows(OverBudget.class, () -> form.bytes(network, kind, 70, 3, 0)).least();
            for (long budget : new long[] {least, Long.MAX_VALUE}) {
              try (var operator = new KernelOperator(network, kind, form, x, budget, Progress.NONE)) {
                operator.apply(in, out);
                assertEquals(operator.flops(3), counted.during(() -> operator.apply(in, out)),
                    kind + " " + form + " " + architecture + " " + budget);
              }
            }
          }
        }
      }
    }
  }

  @Test
  void plansOfKernelsThatNobodyCouldStore() {
    Architecture architecture = Architecture.ntk(Activation.RELU, 784, 4096, 10);
    try (Backend backend = Backends.cpu(2); Network network = Network.zeros(architecture, backend, DType.F32)) {
      long budget = 4L << 30;
      NtkPlan pass = EmpiricalNtk.of(network).withBudget(budget).traceApplyPlan(60_000, 32);
      double least = 60_000.0 * 60_000 * (2 * 4096 + 784);
      assertTrue(pass.bytes() <= budget && pass.flops() > least && pass.flops() < 1.05 * least, pass.toString());

      NtkPlan huge = EmpiricalNtk.of(network).applyPlan(300_000_000, 2);
      assertEquals(3_000_000_000L, huge.cols());
      assertTrue(Double.isFinite(huge.flops()) && huge.bytes() > 0, huge.toString());
      assertThrows(ShapeMismatch.class, () -> EmpiricalNtk.of(network).plan(300_000_000));
    }
  }
}
