package io.contraspectra.core.ntk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.OverBudget;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.TestNetworks;
import java.util.List;

/** Kernels that are stored in host memory while a backend with memory of its own forms their tiles. */
class SentGramTest {

  private static final List<Architecture> ARCHITECTURES = List.of(
      Architecture.ntk(Activation.RELU, 3, 4, 3), Architecture.ntk(Activation.TANH, 4, 5, 6, 2).withBiases(0.3));

  @EveryBackend
  void hasTheBitsOfAKernelThatStaysWhereItIsFormed(Backend backend, DType dtype) {
    for (Architecture architecture : ARCHITECTURES) {
      int outputs = architecture.outputs();
      try (Backend host = Backends.cpu(1); var network = TestNetworks.gaussian(architecture, backend, dtype, 1);
          Matrix x = TestNetworks.inputs(backend, dtype, 150, architecture.inputs(), 2);
          Matrix y = TestNetworks.inputs(backend, dtype, 30, architecture.inputs(), 3);
          Matrix full = host.zeros(dtype, 150 * outputs, 150 * outputs);
          Matrix trace = host.zeros(dtype, 150, 150);
          Matrix framed = host.zeros(dtype, 152L * outputs, 32L * outputs + 1)) {
        Matrix cross = framed.block(1, 1, 150L * outputs, 30L * outputs);
        var ntk = EmpiricalNtk.of(network);
        ntk.full(x, full);
        ntk.trace(x, trace);
        ntk.cross(x, y, cross);
        try (Matrix expected = ntk.full(x); Matrix means = ntk.trace(x); Matrix between = ntk.cross(x, y)) {
          assertArrayEquals(expected.toArray(), full.toArray(), "full");
          assertArrayEquals(means.toArray(), trace.toArray(), "trace");
          assertArrayEquals(between.toArray(), cross.toArray(), "cross");
        }
        assertTrue(framed.rowRange(0, 1).toArray()[3] == 0 && framed.get(1, 0) == 0, "nothing beside the block");
      }
    }
  }

  @EveryBackend
  void plansCountTheTilesThatAreSent(Backend backend) {
    try (var network = TestNetworks.gaussian(ARCHITECTURES.getFirst(), backend, DType.F64, 1)) {
      var ntk = EmpiricalNtk.of(network);
      assertTrue(ntk.sentToHost().plan(300).bytes() > ntk.plan(300).bytes());
      long least = assertThrows(OverBudget.class, () -> ntk.sentToHost().withBudget(1).plan(300)).least();
      assertTrue(ntk.sentToHost().withBudget(least).plan(300).bytes() > least, "the kernel included");
    }
  }

  @EveryBackend
  void copiesToTheHostCheckShapesAndTypes(Backend backend, DType dtype) {
    try (Backend host = Backends.cpu(1); Matrix x = backend.zeros(dtype, 3, 5); Matrix y = host.zeros(dtype, 6, 7)) {
      x.copyFrom(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
      x.block(1, 1, 2, 3).copyTo(y.block(2, 2, 2, 3));
      assertArrayEquals(new double[] {7, 8, 9, 12, 13, 14}, y.block(2, 2, 2, 3).toArray());
      x.block(0, 0, 0, 3).copyTo(y.block(6, 0, 0, 3));
      x.block(0, 0, 3, 0).copyTo(y.block(0, 0, 3, 0));
      assertThrows(ShapeMismatch.class, () -> x.copyTo(y));
    }
  }
}
