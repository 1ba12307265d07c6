package io.contraspectra.bindings.openblas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.bindings.openblas.LapackeFactor.Orthogonal;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Factorisations refuse in Java, in words, what LAPACK would crash on or complain about. */
class FactorRefusalTest {
  private static final MemorySegment NONE = MemorySegment.NULL;

  private final Arena arena = Arena.ofAuto();

  @ParameterizedTest
  @EnumSource
  void workspaceAnswersCoverWhatIsRequired(Precision precision) {
    assertTrue(LapackeFactor.workspace(precision, Orthogonal.QR, 50, 20) >= 20);
    assertTrue(LapackeSvd.workspace(precision, 30, 20) >= 4 * 20 * 20 + 7 * 20);
    assertTrue(LapackeRange.workspace(precision, 40).work() >= 26 * 40);
    assertTrue(LapackeRange.workspace(precision, 40).iwork() >= 10 * 40);
  }

  @Test
  void operandsThatAreTooShort() {
    refused("dpotrf: A needs 3x3 with leading dimension 3 = 72 bytes, segment has 64",
        () -> LapackeFactor.potrf(Precision.DOUBLE, Triangle.UPPER, 3, doubles(8), 3));
    refused("dgeqrf: tau needs 1x2 with leading dimension 2 = 16 bytes, segment has 8",
        () -> LapackeFactor.reduce(Precision.DOUBLE, Orthogonal.QR, 4, 2, doubles(8), 4, doubles(1), doubles(9)));
    refused("sorglq: work needs 1x2 with leading dimension 2 = 8 bytes, segment has 0",
        () -> LapackeFactor.generate(Precision.SINGLE, Orthogonal.LQ, 2, 4, doubles(8), 2, doubles(2), doubles(0)));
    refused("dgesdd: U needs 2x4 with leading dimension 4 = 64 bytes, segment has 56", () -> LapackeSvd.gesdd(
        Precision.DOUBLE, 4, 2, doubles(8), 4, doubles(2), doubles(7), 4, doubles(4), 2, doubles(100), doubles(8)));
    refused("dsyevr: isuppz needs 1x4 with leading dimension 4 = 16 bytes, segment has 8", () -> LapackeRange.syevr(
        Precision.DOUBLE, Triangle.UPPER, 3, doubles(9), 3, 0, 2, doubles(3), doubles(6), 3, doubles(1), doubles(99),
        doubles(99)));
    refused("dtrsm: T needs 3x3 with leading dimension 3 = 72 bytes, segment has 64", () -> Cblas.trsm(
        Precision.DOUBLE, Side.LEFT, Triangle.UPPER, Transpose.NO_TRANSPOSE, 3, 1, 1, doubles(8), 3, doubles(3), 1));
  }

  @Test
  void shapesWithoutAThinFactorisation() {
    refused("dgeqrf: A is 2x4, which has no thin QR factorisation",
        () -> LapackeFactor.reduce(Precision.DOUBLE, Orthogonal.QR, 2, 4, doubles(8), 2, doubles(2), doubles(9)));
    refused("sorglq: A is 4x2, which has no thin LQ factorisation",
        () -> LapackeFactor.generate(Precision.SINGLE, Orthogonal.LQ, 4, 2, doubles(8), 4, doubles(2), doubles(9)));
  }

  @Test
  void rangesThatDoNotExist() {
    refused("dsyevr: range 2 + 2 does not lie in 0..3", () -> LapackeRange.syevr(Precision.DOUBLE, Triangle.UPPER, 3,
        NONE, 3, 2, 2, NONE, NONE, 3, NONE, NONE, NONE));
    refused("dsyevr: range -1 + 1 does not lie in 0..3", () -> LapackeRange.syevr(Precision.DOUBLE, Triangle.UPPER, 3,
        NONE, 3, -1, 1, NONE, NONE, 3, NONE, NONE, NONE));
  }

  @Test
  void outputsThatOverlap() {
    var shared = doubles(200);
    refused("dpotrf: A lies on the Java heap; native memory (an Arena's) is needed", () -> LapackeFactor.potrf(
        Precision.DOUBLE, Triangle.UPPER, 1, MemorySegment.ofArray(new double[1]), 1));
    refused("dgeqrf: A is written to, and overlaps tau in memory", () -> LapackeFactor.reduce(
        Precision.DOUBLE, Orthogonal.QR, 4, 2, shared, 4, shared, doubles(9)));
    refused("dtrsm: B is written to, and overlaps T in memory", () -> Cblas.trsm(Precision.DOUBLE, Side.LEFT,
        Triangle.UPPER, Transpose.NO_TRANSPOSE, 3, 1, 1, shared, 3, shared, 1));
  }

  private MemorySegment doubles(int count) {
    return arena.allocate(8L * count, 8);
  }

  private static void refused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
