package io.contraspectra.core.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.TestNetworks;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A loss and its gradient have the same bits for any number of threads. */
class LossThreadsTest {

  private static final long SAMPLES = 811;
  private static final long OUTPUTS = 37;

  @ParameterizedTest
  @CsvSource({"cos-infonce,F64", "cos-infonce,F32", "ntxent,F64", "ntxent,F32", "infonce-dot,F64", "clip-cos,F32",
      "alpha-infonce,F64", "alpha-infonce,F32", "alpha-square,F64", "vicreg,F32", "barlow,F64", "spectral-batch,F64"})
  void sameBits(String name, DType dtype) {
    Loss loss = Losses.entry(name).loss(Map.of());
    try (Matrix one = gradient(loss, dtype, 1)) {
      for (int threads : new int[] {2, 3, 7}) {
        try (Matrix other = gradient(loss, dtype, threads)) {
          assertArrayEquals(one.toArray(), other.toArray(), name + " with " + threads + " threads");
        }
      }
    }
  }

  /** The gradient, and the value in one more row. */
  private static Matrix gradient(Loss loss, DType dtype, int threads) {
    try (Backend backend = Backends.cpu(threads);
        Matrix x = TestNetworks.inputs(backend, dtype, loss.blocks() * SAMPLES, OUTPUTS, 5);
        Matrix gradient = backend.zeros(dtype, loss.blocks() * SAMPLES, OUTPUTS);
        var evaluation = loss.evaluation(backend, dtype, SAMPLES, OUTPUTS)) {
      double value = evaluation.evaluate(x, gradient);
      assertEquals(value, evaluation.evaluate(x, gradient), "a second time");
      Matrix result = backend.zeros(DType.F64, loss.blocks() * SAMPLES + 1, OUTPUTS);
      backend.copy(gradient, result.rowRange(0, gradient.rows()));
      result.set(gradient.rows(), 0, value);
      return result;
    }
  }
}
