package io.contraspectra.core.ntk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.TestNetworks;
import io.contraspectra.core.operator.SymmetricOperator;

/** Every form is the same operator; the cheapest is taken, within the budget. */
class SpectrumPlanTest {

  @EveryBackend
  void everyFormHasTheRowsOfTheKernel(Backend backend) {
    int[] rows = {7, 0, 9};
    try (Network net = TestNetworks.gaussian(
            Architecture.ntk(Activation.TANH, 3, 6, 5, 2), backend, DType.F64, 1);
        Matrix x = TestNetworks.inputs(backend, DType.F64, 11, 3, 2)) {
      var ntk = EmpiricalNtk.of(net);
      try (Matrix full = ntk.full(x); Matrix trace = ntk.trace(x)) {
        for (SpectrumPlan.Form form : SpectrumPlan.Form.values()) {
          try (SymmetricOperator operator = plan(ntk, false, form).fullOperator(ntk, x)) {
            assertRows(backend, full, rows, operator);
          }
          try (SymmetricOperator operator = plan(ntk, true, form).traceOperator(ntk, x)) {
            assertRows(backend, trace, rows, operator);
          }
        }
      }
    }
  }

  private static SpectrumPlan plan(EmpiricalNtk ntk, boolean trace, SpectrumPlan.Form form) {
    SpectrumPlan plan = trace ? ntk.traceSpectrumPlan(11, 2, 0, true) : ntk.fullSpectrumPlan(11, 2, 0, true);
    return new SpectrumPlan(form, plan.flops(), plan.bytes(), plan.budget());
  }

  private static void assertRows(Backend backend, Matrix kernel, int[] rows, SymmetricOperator operator) {
    try (Matrix found = backend.zeros(DType.F64, rows.length, kernel.cols());
        Matrix image = backend.zeros(DType.F64, rows.length, kernel.cols())) {
      operator.rows(rows, found);
      operator.apply(found, image);
      for (int i = 0; i < rows.length; i++) {
        double[] row = kernel.rowRange(rows[i], 1).toArray();
        assertArrayEquals(row, found.rowRange(i, 1).toArray(), 1e-12 * backend.maxAbs(kernel));
        double product = 0;
        for (int j = 0; j < row.length; j++) {
          product += row[j] * kernel.get(0, j);
        }
        assertEquals(product, image.get(i, 0), 1e-11 * Math.pow(backend.maxAbs(kernel), 2));
      }
      if (!operator.getClass().getSimpleName().startsWith("Explicit")) {
        assertThrows(InvalidArgument.class, () -> operator.rows(new int[] {(int) operator.size()},
            found.rowRange(0, 1)));
      }
    }
  }

  @EveryBackend
  void takesTheFewestFlopsThatFit(Backend backend) {
    try (Network net = Network.zeros(Architecture.ntk(Activation.RELU, 8, 512, 1), backend, DType.F64)) {
      var ntk = EmpiricalNtk.of(net);
      // One vector costs 4NdM, a Gram N²(2M+d): with many samples and few inputs nothing is formed.
      assertEquals(SpectrumPlan.Form.MATRIX_FREE, ntk.traceSpectrumPlan(20_000, 5, 0, true).form());
      // Few samples are formed once.
      assertEquals(SpectrumPlan.Form.STORED, ntk.traceSpectrumPlan(100, 5, 0, true).form());
      SpectrumPlan plan = ntk.traceSpectrumPlan(100, 5, 0, false);
      assertTrue(plan.form() != SpectrumPlan.Form.STORED && !plan.flops().containsKey(SpectrumPlan.Form.STORED));
      assertTrue(plan.report().contains("flops expected") && plan.report().startsWith(plan.form().toString()));
      assertThrows(InvalidArgument.class, () -> ntk.withBudget(10).traceSpectrumPlan(100, 5, 0, true));
    }
  }
}
