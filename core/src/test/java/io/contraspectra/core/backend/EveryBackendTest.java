package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;

/** That {@link EveryBackend} hands over what it promises. */
class EveryBackendTest {

  @EveryBackend
  void backendComputes(Backend backend) {
    try (Matrix x = backend.matrix(2, 2, 1, 2, 3, 4); Matrix y = backend.zeros(DType.F64, 2, 2)) {
      backend.gemm(Transpose.NO, Transpose.YES, 1, x, x, 0, y);
      assertArrayEquals(new double[] {5, 11, 11, 25}, y.toArray());
    }
  }

  @EveryBackend
  void elementTypeIsHandedOver(Backend backend, DType dtype) {
    try (Matrix x = backend.zeros(dtype, 3, 5)) {
      backend.fill(1, x);
      assertEquals(dtype, x.dtype());
      assertEquals(15, backend.sum(x));
    }
  }
}
