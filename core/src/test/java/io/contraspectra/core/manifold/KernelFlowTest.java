package io.contraspectra.core.manifold;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.operator.Eigensolver;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.core.random.RandomStreams;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kernel dual is the flow of the readout itself, in the span of the features and outside (grassmann.md 6, G8). */
class KernelFlowTest {

  private static final int SAMPLES = 8;
  private static final int NEW = 5;
  private static final int Z = 2;

  /** {@code features} 100: W0 has a part outside the span of the 24 training features; 20: it has none. */
  @ParameterizedTest
  @ValueSource(ints = {100, 20})
  void dualIsPrimal(int features) {
    for (long seed = 0; seed < 5; seed++) {
      try (Backend backend = TestBackend.CPU_VECTOR.open();
          Matrix phi = features(backend, 3 * SAMPLES, features, seed, "training");
          Matrix phiNew = features(backend, NEW, features, seed, "new");
          Matrix s = pairs(backend);
          Matrix a = primal(backend, phi, s);
          var objective = TraceObjective.of(backend, a);
          Matrix w0 = Stiefel.random(backend, DType.F64, features, Z, RandomStreams.of(seed).named("W0"));
          var primal = new ExactFlow(objective, w0);
          Matrix gram = product(backend, NO, YES, phi, phi);
          Matrix cross = product(backend, NO, YES, phi, phiNew);
          Matrix f0 = product(backend, NO, NO, phi, w0);
          Matrix f0New = product(backend, NO, NO, phiNew, w0);
          var dual = new KernelFlow(backend, gram, s, f0)) {
        double largest = largest(objective);
        for (double scaled : new double[] {0.5, 2, 8, 30, 200}) {
          primal.advanceTo(scaled / largest);
          dual.advanceTo(scaled / largest);
          try (Matrix f = product(backend, NO, NO, phi, primal.frame());
              Matrix fNew = product(backend, NO, NO, phiNew, primal.frame());
              Matrix predicted = dual.predict(cross, f0New)) {
            assertSameProducts(backend, f, f, dual.outputs(), dual.outputs(), scaled);
            assertSameProducts(backend, fNew, f, predicted, dual.outputs(), scaled);
            assertSameProducts(backend, fNew, fNew, predicted, predicted, scaled);
          }
        }
      }
    }
  }

  private static double largest(TraceObjective objective) {
    try (var eigen = Eigensolver.full(objective.backend(), objective.symmetric())) {
      return eigen.values().get(0, 0);
    }
  }

  /** C with C + Cᵀ = ΦᵀSΦ. */
  private static Matrix primal(Backend backend, Matrix phi, Matrix s) {
    try (Matrix half = product(backend, YES, NO, phi, s)) {
      Matrix a = product(backend, NO, NO, half, phi);
      backend.scale(0.5, a);
      return a;
    }
  }

  private static void assertSameProducts(Backend backend, Matrix a, Matrix b, Matrix c, Matrix d, double time) {
    try (Matrix expected = product(backend, NO, YES, a, b); Matrix actual = product(backend, NO, YES, c, d)) {
      double error = backend.distance(expected, actual) / backend.norm(expected);
      assertTrue(error <= 1e-9, "off by " + error + " at l1 t = " + time);
    }
  }

  private static Matrix features(Backend backend, int n, int m, long seed, String stream) {
    try (Matrix x = normal(backend, n, 6, seed, stream); Matrix omega = normal(backend, 6, m, seed, "omega")) {
      Matrix phi = product(backend, NO, NO, x, omega);
      backend.map(UnaryFunction.TANH, phi, phi);
      return phi;
    }
  }

  private static Matrix normal(Backend backend, int rows, int cols, long seed, String stream) {
    return backend.matrix(rows, cols, RandomDraws.gaussian(RandomStreams.of(seed).named(stream), rows * cols));
  }

  /** S0 + S0ᵀ with I/n in block (x, x⁺) and −I/n in block (x, x⁻). */
  private static Matrix pairs(Backend backend) {
    Matrix s = backend.zeros(DType.F64, 3 * SAMPLES, 3 * SAMPLES);
    for (int i = 0; i < SAMPLES; i++) {
      s.set(i, SAMPLES + i, 1.0 / SAMPLES);
      s.set(SAMPLES + i, i, 1.0 / SAMPLES);
      s.set(i, 2 * SAMPLES + i, -1.0 / SAMPLES);
      s.set(2 * SAMPLES + i, i, -1.0 / SAMPLES);
    }
    return s;
  }

  private static Matrix product(Backend backend, Transpose ta,
      Transpose tb, Matrix a, Matrix b) {
    Matrix c = backend.zeros(DType.F64, ta == NO ? a.rows() : a.cols(), tb == NO ? b.cols() : b.rows());
    backend.gemm(ta, tb, 1, a, b, 0, c);
    return c;
  }

  @EveryBackend
  void refusesWhatIsNoGramOrNoReadout(Backend backend) {
    try (Matrix identity = backend.zeros(DType.F64, 3, 3);
        Matrix zero = backend.zeros(DType.F64, 3, 3);
        Matrix negative = backend.matrix(3, 3, 1, 0, 0, 0, 1, 0, 0, 0, -1);
        Matrix outputs = backend.matrix(3, 1, 1, 2, 3);
        Matrix short1 = backend.matrix(2, 1, 1, 2)) {
      backend.shiftDiagonal(1, identity);
      assertTrue(assertThrows(InvalidArgument.class, () -> new KernelFlow(backend, zero, identity, outputs))
          .getMessage().contains("no positive eigenvalue"));
      assertTrue(assertThrows(InvalidArgument.class, () -> new KernelFlow(backend, negative, identity, outputs))
          .getMessage().contains("negative eigenvalue -1"));
      assertTrue(assertThrows(InvalidArgument.class, () -> new KernelFlow(backend, identity, identity, outputs))
          .getMessage().contains("orthonormalise W0"));
      assertThrows(ShapeMismatch.class, () -> new KernelFlow(backend, identity, identity, short1));
    }
  }
}
