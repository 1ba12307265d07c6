package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;

/** Memory of a backend: zeros, copies in and out, conversions, workspaces. */
class MemoryContractTest {

  @EveryBackend
  void newMatricesAreZeroEvenInUsedMemory(Backend backend, DType dtype) {
    for (int round = 0; round < 20; round++) {
      try (Matrix x = backend.zeros(dtype, 31, 33)) {
        assertEquals(0, backend.maxAbs(x));
        backend.fill(Double.NaN, x);
      }
    }
  }

  @EveryBackend
  void elementsComeBackAsTheyWentIn(Backend backend, DType dtype, Layout layout) {
    var shape = new Shape(6, 7);
    double[] values = Numbers.gaussian(Numbers.generator(), dtype, shape.size());
    try (var x = new Framed(backend, dtype, layout, shape, values)) {
      assertArrayEquals(values, x.values());
      assertEquals(values[3 * 7 + 5], x.matrix().get(3, 5));
      x.matrix().set(3, 5, 0.25);
      assertEquals(0.25, x.matrix().block(3, 4, 2, 3).get(0, 1));
      x.requireGuardsUntouched();
    }
  }

  @EveryBackend
  void copyConvertsBetweenElementTypes(Backend backend, DType from, DType to, Layout layout) {
    var shape = new Shape(4, 3);
    double[] values = {0, -0.0, 1, -1.5, 0.1, 1e-30, 1e-50, 1e30, 1e39, Double.NaN, Double.POSITIVE_INFINITY, -7};
    try (var x = new Framed(backend, from, layout, shape, values);
        var y = new Framed(backend, to, layout, shape, Numbers.nan(shape.size()));
        Matrix z = backend.copyOf(x.matrix(), to)) {
      backend.copy(x.matrix(), y.matrix());
      for (int i = 0; i < values.length; i++) {
        double expected = Numbers.rounded(to, Numbers.rounded(from, values[i]));
        assertEquals(expected, y.values()[i]);
        assertEquals(expected, z.toArray()[i]);
      }
      y.requireGuardsUntouched();
    }
  }

  @EveryBackend
  void workspaceIsReusedAfterReset(Backend backend, DType dtype) {
    try (Workspace workspace = backend.workspace(2 * Workspace.bytes(dtype, 3, 5))) {
      Matrix first = workspace.matrix(dtype, 3, 5);
      Matrix second = workspace.matrix(dtype, 3, 5);
      backend.fill(1, first);
      backend.fill(2, second);
      assertEquals(15, backend.sum(first));
      workspace.reset();
      assertEquals(15, backend.sum(workspace.matrix(dtype, 3, 5)));
    }
  }
}
