package io.contraspectra.core.ntk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.OverBudget;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.TestNetworks;
import io.contraspectra.core.operator.SymmetricOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Products with a kernel that is never stored. */
class StreamedGramTest {

  private static final Architecture SHALLOW = Architecture.ntk(Activation.RELU, 5, 16, 3).withBiases(0.3);
  private static final Architecture WIDE = Architecture.ntk(Activation.RELU, 6, 30, 70, 2).withBiases(0.4);
  private static final Architecture DEEP = Architecture.ntk(Activation.TANH, 4, 9, 8, 2);

  @EveryBackend
  void equalsTheProductWithTheStoredKernel(Backend backend, DType dtype) {
    for (Architecture architecture : List.of(SHALLOW, WIDE, DEEP, Architecture.ntk(Activation.ERF, 4, 2))) {
      // 110 samples make blocks of 32, the last of them ragged.
      try (Network network = TestNetworks.gaussian(architecture, backend, dtype, 1);
          Matrix x = TestNetworks.inputs(backend, dtype, 110, architecture.inputs(), 2);
          Matrix y = TestNetworks.inputs(backend, dtype, 41, architecture.inputs(), 3)) {
        var ntk = EmpiricalNtk.of(network);
        requireProduct(backend, ntk.full(x), (v, z) -> ntk.apply(x, v, z));
        requireProduct(backend, ntk.cross(x, y), (v, z) -> ntk.crossApply(x, y, v, z));
        requireProduct(backend, ntk.trace(x), (v, z) -> ntk.traceApply(x, v, z));
        requireProduct(backend, ntk.traceCross(x, y), (v, z) -> ntk.traceCrossApply(x, y, v, z));
        for (KernelForm form : KernelForm.values()) {
          try (SymmetricOperator full = ntk.fullOperator(x, form); SymmetricOperator trace = ntk.traceOperator(x, form)) {
            requireProduct(backend, ntk.full(x), full::apply);
            requireProduct(backend, ntk.trace(x), trace::apply);
          }
        }
      }
    }
  }

  /** Samples enough for chunks, and units enough, for sums of rows that are looked up. */
  @ParameterizedTest
  @EnumSource
  void slopesThatAreBitsMultiplyAlike(DType dtype) {
    for (Architecture architecture : List.of(WIDE, Architecture.ntk(Activation.RELU, 5, 90, 1))) {
      try (Backend backend = Backends.cpu(2);
          Network network = TestNetworks.gaussian(architecture, backend, dtype, 1);
          Matrix x = TestNetworks.inputs(backend, dtype, 600, architecture.inputs(), 2);
          SymmetricOperator trace = EmpiricalNtk.of(network).traceOperator(x, KernelForm.MATRIX_FREE)) {
        requireProduct(backend, EmpiricalNtk.of(network).trace(x), trace::apply);
      }
    }
  }

  private interface Product {
    void of(Matrix vectors, Matrix products);
  }

  private static void requireProduct(Backend backend, Matrix gram, Product product) {
    DType dtype = gram.dtype();
    try (gram; Matrix v = TestNetworks.inputs(backend, dtype, 3, gram.cols(), 5);
        Matrix expected = backend.zeros(dtype, 3, gram.rows());
        Matrix actual = backend.zeros(dtype, 3, gram.rows())) {
      backend.gemm(Transpose.NO, Transpose.YES, 1, v, gram, 0, expected);
      backend.fill(Double.NaN, actual);
      product.of(v, actual);
      double tolerance = dtype == DType.F64 ? 1e-13 : 1e-5;
      assertTrue(backend.distance(expected, actual) <= tolerance * backend.norm(expected));
    }
  }

  @ParameterizedTest
  @CsvSource({"FULL, STREAMED", "FULL, MATRIX_FREE", "TRACE, STREAMED", "TRACE, MATRIX_FREE"})
  void sameBitsForAnyBudgetAndAnyNumberOfThreads(KernelKind kind, KernelForm form) {
    for (Architecture architecture : List.of(SHALLOW, WIDE, DEEP)) {
      for (DType dtype : DType.values()) {
        double[] expected = product(kind, form, 1, architecture, dtype, Long.MAX_VALUE);
        for (int threads : new int[] {1, 2, 5}) {
          long least = least(kind, form, threads, architecture, dtype);
          for (long budget : new long[] {least, least + least / 3, 2 * least, 4 * least, Long.MAX_VALUE}) {
            assertArrayEquals(expected, product(kind, form, threads, architecture, dtype, budget),
                threads + " threads, " + budget + " bytes");
          }
          assertThrows(OverBudget.class, () -> product(kind, form, threads, architecture, dtype, least - 1));
        }
      }
    }
  }

  private static double[] product(
      KernelKind kind, KernelForm form, int threads, Architecture architecture, DType dtype, long budget) {
    try (Backend backend = Backends.cpu(threads);
        Network network = TestNetworks.gaussian(architecture, backend, dtype, 1);
        Matrix x = TestNetworks.inputs(backend, dtype, 300, architecture.inputs(), 2)) {
      EmpiricalNtk ntk = EmpiricalNtk.of(network).withBudget(budget);
      try (SymmetricOperator operator =
              kind == KernelKind.FULL ? ntk.fullOperator(x, form) : ntk.traceOperator(x, form);
          Matrix v = TestNetworks.inputs(backend, dtype, 4, operator.size(), 3);
          Matrix z = backend.zeros(dtype, 4, operator.size())) {
        operator.apply(v, z);
        return z.toArray();
      }
    }
  }

  /** The least budget as the refusal of a smaller one says it. */
  private static long least(
      KernelKind kind, KernelForm form, int threads, Architecture architecture, DType dtype) {
    return assertThrows(OverBudget.class, () -> product(kind, form, threads, architecture, dtype, 1)).least();
  }

  @EveryBackend
  void operatorKeepsWhatItHasAndTakesBlocksOfAnySize(Backend backend) {
    try (Network network = TestNetworks.gaussian(SHALLOW, backend, DType.F64, 1);
        Matrix x = TestNetworks.inputs(backend, DType.F64, 70, 5, 2);
        Matrix gram = EmpiricalNtk.of(network).trace(x);
        SymmetricOperator operator = EmpiricalNtk.of(network).traceOperator(x)) {
      assertEquals(70, operator.size());
      assertEquals(backend, operator.backend());
      for (int vectors : new int[] {2, 5, 1, 0, 5}) {
        try (Matrix v = TestNetworks.inputs(backend, DType.F64, vectors, 70, vectors);
            Matrix expected = backend.zeros(DType.F64, vectors, 70);
            Matrix z = backend.zeros(DType.F64, vectors, 70)) {
          backend.gemm(Transpose.NO, Transpose.NO, 1, v, gram, 0, expected);
          operator.apply(v, z);
          assertTrue(backend.distance(expected, z) <= 1e-13 * backend.norm(expected));
        }
      }
      // The upper triangle of 70 x 70 pairs, each pair 2(5 + 16 + 16) flops, and the products.
      double pairs = 70 * 71 / 2.0;
      assertEquals(pairs * 2 * (5 + 16 + 16) + 2 * 3 * 70 * 70, operator.flops(3));
    }
  }

  @Test
  void tellsOfProgressAndStopsBetweenTiles() {
    var told = new ArrayList<Double>();
    try (Backend backend = Backends.cpu(2);
        Network network = TestNetworks.gaussian(SHALLOW, backend, DType.F64, 1);
        Matrix x = TestNetworks.inputs(backend, DType.F64, 300, 5, 2);
        Matrix v = TestNetworks.inputs(backend, DType.F64, 2, 300, 3);
        Matrix z = backend.zeros(DType.F64, 2, 300)) {
      EmpiricalNtk.of(network).withProgress((done, total) -> told.add(done / total)).traceApply(x, v, z);
      assertEquals(0, told.getFirst());
      assertEquals(1, told.getLast(), 1e-12);
      assertEquals(told.stream().sorted().toList(), told);
      assertTrue(told.size() > 10, told::toString);

      var stopped = EmpiricalNtk.of(network).withProgress((done, total) -> {
        if (done > total / 2) {
          throw new CancellationException("enough");
        }
      });
      assertThrows(CancellationException.class, () -> stopped.traceApply(x, v, z));
    }
  }

  @EveryBackend
  void refusesWhatDoesNotFit(Backend backend) {
    try (Network network = TestNetworks.gaussian(SHALLOW, backend, DType.F64, 1);
        Matrix x = TestNetworks.inputs(backend, DType.F64, 7, 5, 2);
        Matrix v = backend.zeros(DType.F64, 1, 7);
        Matrix z = backend.zeros(DType.F64, 1, 7);
        SymmetricOperator operator = EmpiricalNtk.of(network).fullOperator(x)) {
      var ntk = EmpiricalNtk.of(network);
      assertThrows(ShapeMismatch.class, () -> ntk.apply(x, v, z));
      assertThrows(ShapeMismatch.class, () -> operator.apply(v, z));
      assertThrows(ShapeMismatch.class, () -> ntk.traceApply(x, v, v.block(0, 0, 1, 6)));
      assertThrows(ShapeMismatch.class, () -> ntk.traceApply(v, v, z));
      String refusal = assertThrows(
          OverBudget.class, () -> ntk.withBudget(1000).traceApply(x, v, z)).getMessage();
      assertTrue(refusal.matches("ntk: one tile of 7x7 samples with its signals does not fit into a budget of 1000"
          + " bytes; the least that works is \\d+ bytes"), refusal);
    }
  }
}
