package io.contraspectra.core.manifold;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.matrix.ContraSpectraException;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NonFinite;
import io.contraspectra.core.matrix.NotConverged;
import io.contraspectra.core.matrix.ShapeMismatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What does not fit is refused, in words that say what and why. */
class ManifoldErrorsTest {

  @EveryBackend
  void startsThatAreNoFrames(Backend backend) {
    try (Matrix c = backend.matrix(3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        var objective = TraceObjective.of(backend, c);
        Matrix skew = backend.matrix(3, 2, 1, 0.1, 0, 1, 0, 0);
        Matrix wide = backend.zeros(DType.F64, 3, 4);
        Matrix low = backend.matrix(2, 1, 1, 0);
        Matrix nan = backend.matrix(3, 1, 1, 0, Double.NaN)) {
      assertMessage(InvalidArgument.class, "W0(3x2) must have orthonormal columns, but entries of its WᵀW differ from"
          + " the identity by up to 0.1", () -> new ExactFlow(objective, skew));
      assertMessage(InvalidArgument.class, "orthonormal columns",
          () -> new SteppedFlow(objective, skew, FlowMethod.QR, 0.1));
      assertMessage(ShapeMismatch.class, "W0(3x4): a frame needs from 1 to d columns",
          () -> new ExactFlow(objective, wide));
      assertMessage(ShapeMismatch.class, "W0(2x1) must have as many rows as C(3x3)",
          () -> new ExactFlow(objective, low));
      assertMessage(NonFinite.class, "W0 has a NaN", () -> new ExactFlow(objective, nan));
      assertMessage(ShapeMismatch.class, "must be the rows of W2(3x4)",
          () -> new TwoLayerDescent(objective, skew, wide, Retraction.QR, 0.1));
      assertMessage(ShapeMismatch.class, "must have 3 rows", () -> new WideTwoLayerFlow(objective, low));
    }
  }

  @EveryBackend
  void timesAndStepSizes(Backend backend) {
    try (Matrix c = backend.matrix(2, 2, 1, 0, 0, 2);
        var objective = TraceObjective.of(backend, c);
        Matrix start = backend.matrix(2, 1, 0.6, 0.8);
        var exact = new ExactFlow(objective, start);
        var stepped = GrassmannFlow.start(objective, start, FlowMethod.OJA, 1e-9)) {
      exact.advanceTo(2);
      assertMessage(InvalidArgument.class, "cannot go from time 2.0 to 1.5; give finite times, from 0 on and in"
          + " ascending order", () -> exact.advanceTo(1.5));
      assertThrows(InvalidArgument.class, () -> exact.advanceTo(Double.NaN));
      assertThrows(InvalidArgument.class, () -> stepped.advanceTo(-1));
      assertMessage(InvalidArgument.class, "give a larger eta", () -> stepped.advanceTo(10));
      assertMessage(InvalidArgument.class, "out of reach", () -> exact.advanceTo(1e12));
      for (double eta : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
        assertMessage(InvalidArgument.class, "step size eta = " + eta,
            () -> new SteppedFlow(objective, start, FlowMethod.QR, eta));
      }
      assertThrows(InvalidArgument.class, () -> new SteppedFlow(objective, start, FlowMethod.EXACT, 1));
    }
  }

  @EveryBackend
  void matricesThatAreNoObjective(Backend backend) {
    try (Matrix oblong = backend.zeros(DType.F64, 2, 3);
        Matrix infinite = backend.matrix(1, 1, Double.POSITIVE_INFINITY);
        Matrix empty = backend.zeros(DType.F64, 0, 0);
        Matrix x = backend.zeros(DType.F64, 4, 2)) {
      assertMessage(ShapeMismatch.class, "C(2x3) must be square", () -> TraceObjective.of(backend, oblong));
      assertThrows(ShapeMismatch.class, () -> TraceObjective.of(backend, empty));
      assertThrows(NonFinite.class, () -> TraceObjective.of(backend, infinite));
      assertThrows(ShapeMismatch.class, () -> TraceObjective.nonContrastive(backend, x, oblong));
      assertThrows(ShapeMismatch.class, () -> TraceObjective.contrastive(backend, x, x, oblong));
    }
  }

  @EveryBackend
  void subspacesThatAreNone(Backend backend) {
    try (Matrix zero = backend.zeros(DType.F64, 3, 2);
        Matrix line = backend.matrix(3, 1, 1, 1, 1);
        Matrix equalRows = backend.matrix(3, 2, 0.1, 0.7, 0.1, 0.7, 0.1, 0.7);
        Matrix other = backend.matrix(2, 1, 1, 1);
        Matrix nan = backend.matrix(3, 1, 1, 1, Double.NaN)) {
      assertMessage(InvalidArgument.class, "B(3x2) is zero or empty", () -> Subspaces.compare(backend, line, zero));
      assertMessage(ShapeMismatch.class, "must have equal rows", () -> Subspaces.compare(backend, line, other));
      assertThrows(NonFinite.class, () -> Subspaces.compare(backend, nan, line));
      assertThrows(ShapeMismatch.class, () -> Representations.linearCka(backend, line, other));
      assertThrows(ShapeMismatch.class, () -> Representations.procrustesMisfit(backend, line, other));
      assertTrue(Double.isNaN(EffectiveRank.of(backend, zero).erank()), "a zero matrix has no effective rank");
      assertTrue(Double.isNaN(EffectiveRank.ofCovariance(backend, equalRows)), "equal rows do not vary");
      assertThrows(NonFinite.class, () -> EffectiveRank.of(backend, nan));
    }
  }

  @EveryBackend
  void differentialEquationThatEnds(Backend backend) {
    try (Matrix start = backend.matrix(1, 1, 1);
        // y' = y², y(0) = 1 ends at time 1.
        var solver = new DormandPrince(backend, (y, dy) -> backend.multiply(y, y, dy), start, 1e-10)) {
      solver.advanceTo(0.5);
      assertEquals(2, solver.state().get(0, 0), 1e-8);
      assertThrows(NotConverged.class, () -> solver.advanceTo(2));
      assertThrows(InvalidArgument.class, () -> new DormandPrince(backend, (_, _) -> {}, start, 0));
    }
  }

  @Test
  void namesThatNobodyKnows() {
    assertMessage(InvalidArgument.class, "unknown retraction 'polr'; did you mean polar?",
        () -> Retraction.named("polr"));
    assertMessage(InvalidArgument.class, "unknown method 'ojja'; did you mean oja?", () -> FlowMethod.named("ojja"));
    assertEquals(FlowMethod.SECOND_ORDER, FlowMethod.named("o2"));
    assertEquals(Retraction.GEODESIC, Retraction.named("geodesic"));
  }

  private static void assertMessage(
      Class<? extends ContraSpectraException> type, String text, Executable call) {
    String message = assertThrows(type, call).getMessage();
    assertTrue(message.contains(text), message);
  }
}
