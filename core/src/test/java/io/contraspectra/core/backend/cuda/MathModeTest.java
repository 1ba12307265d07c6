package io.contraspectra.core.backend.cuda;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.BackendUnavailable;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Products of f32 are exact unless TF32 is asked for by name, and what that costs. */
class MathModeTest {

  private static final int N = 40;
  private static final int DEPTH = 500;

  @BeforeEach
  void deviceHasTf32OrIsEmulated() {
    if (Boolean.getBoolean(CudaEmulator.REAL_PROPERTY)) {
      try (Device device = Device.open()) {
        assumeTrue(device.capability() >= 80, "this device has no TF32");
      }
    }
  }

  @AfterEach
  void exactAgain() {
    System.clearProperty(Backends.DEVICE_MATH_PROPERTY);
  }

  /** Factors of 11 bits: the error of a product of normal numbers is some 2^-11 of its scale, against 2^-24 before. */
  @Test
  void tf32CostsFourDigitsOfProductsInSinglePrecision() {
    try (var _ = CudaEmulator.pretend("EMULATED_CAPABILITY", "90")) {
      double exact = error("exact", DType.F32, false);
      double rounded = error("tf32", DType.F32, false);
      assertTrue(exact < 1e-6, "exact: " + exact);
      assertTrue(rounded > 5e-5 && rounded < 5e-4, "TF32: " + rounded);
      assertTrue(error("tf32", DType.F32, true) > 5e-5, "a symmetric product, too");
      assertEquals(0, error("tf32", DType.F64, false), "f64 has the same bits in either mode");
    }
  }

  @Test
  void modeStandsInTheDescription() {
    try (var _ = CudaEmulator.pretend("EMULATED_CAPABILITY", "80")) {
      System.setProperty(Backends.DEVICE_MATH_PROPERTY, "TF32");
      try (var backend = new Backend(CudaEmulator.engine())) {
        assertTrue(backend.describe().endsWith(", f32 products in TF32"), backend.describe());
      }
    }
  }

  @Test
  void deviceWithoutTf32IsRefused() {
    CudaEmulator.requireLoaded();
    System.setProperty(Backends.DEVICE_MATH_PROPERTY, "tf32");
    var refusal = assertThrows(BackendUnavailable.class, CudaEmulator::engine);
    assertTrue(refusal.getMessage().contains("has no TF32, which begins with compute capability 8.0"),
        refusal.getMessage());
  }

  @Test
  void unknownModeIsRefused() {
    CudaEmulator.requireLoaded();
    System.setProperty(Backends.DEVICE_MATH_PROPERTY, "fast");
    var refusal = assertThrows(InvalidArgument.class, CudaEmulator::engine);
    assertTrue(refusal.getMessage().contains("exact, tf32"), refusal.getMessage());
  }

  /** Relative error of a product in Frobenius norm, against the same in exact mode and double precision. */
  private static double error(String mode, DType dtype, boolean symmetric) {
    double[] reference = product("exact", DType.F64, symmetric);
    double[] product = product(mode, dtype, symmetric);
    if (dtype == DType.F64) {
      assertArrayEquals(reference, product);
    }
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < reference.length; i++) {
      difference += (product[i] - reference[i]) * (product[i] - reference[i]);
      norm += reference[i] * reference[i];
    }
    return Math.sqrt(difference / norm);
  }

  private static double[] product(String mode, DType dtype, boolean symmetric) {
    System.setProperty(Backends.DEVICE_MATH_PROPERTY, mode);
    try (var backend = new Backend(CudaEmulator.engine()); Matrix a = normal(backend, dtype, 1);
        Matrix b = normal(backend, dtype, 2); Matrix c = backend.zeros(dtype, N, N)) {
      if (symmetric) {
        backend.syrk(Triangle.LOWER, NO, 1, a, 0, c);
        backend.mirror(Triangle.LOWER, c);
      } else {
        backend.gemm(NO, YES, 1, a, b, 0, c);
      }
      return c.toArray();
    }
  }

  // Rounded to f32, so that both element types hold the same numbers.
  private static Matrix normal(Backend backend, DType dtype, long seed) {
    var random = new Random(seed);
    Matrix matrix = backend.zeros(dtype, N, DEPTH);
    matrix.copyFrom(random.doubles((long) N * DEPTH).map(unused -> (float) random.nextGaussian()).toArray());
    return matrix;
  }
}
