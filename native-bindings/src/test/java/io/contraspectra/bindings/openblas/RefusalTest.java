package io.contraspectra.bindings.openblas;

import static io.contraspectra.bindings.openblas.Transpose.NO_TRANSPOSE;
import static io.contraspectra.bindings.openblas.Transpose.TRANSPOSE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Arguments that would crash the JVM or make BLAS complain are refused in Java, in words. */
class RefusalTest {
  private static final long TOO_LARGE = 1L << 31;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment a = doubles(16);
  private final MemorySegment b = doubles(16);
  private final MemorySegment c = doubles(16);

  @AfterEach
  void close() {
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  @Test
  void sizesOutsideInt() {
    assertRefused("dgemm: m is -1, outside 0..2147483647", () -> gemm(-1, 1, 1, a, 1, b, 1, c, 1));
    assertRefused("dgemm: n is 2147483648, outside 0..2147483647", () -> gemm(1, TOO_LARGE, 1, a, 1, b, 1, c, 1));
    assertRefused("dgemm: k is -7, outside 0..2147483647", () -> gemm(1, 1, -7, a, 1, b, 1, c, 1));
    assertRefused("dsyrk: n is -1, outside 0..2147483647", () -> syrk(-1, 1, a, 1, c, 1));
    assertRefused("ssyrk: k is -1, outside 0..2147483647",
        () -> Cblas.ssyrk(Triangle.UPPER, NO_TRANSPOSE, 1, -1, 1, a, 1, 0, c, 1));
  }

  @Test
  void leadingDimensionsShorterThanARow() {
    assertRefused("dgemm: A 2x3 needs a leading dimension in 3..2147483647, not 2",
        () -> gemm(2, 4, 3, a, 2, b, 4, c, 4));
    assertRefused("dgemm: B 3x4 needs a leading dimension in 4..2147483647, not 3",
        () -> gemm(2, 4, 3, a, 3, b, 3, c, 4));
    assertRefused("dgemm: C 2x4 needs a leading dimension in 4..2147483647, not 2147483648",
        () -> gemm(2, 4, 3, a, 3, b, 4, c, TOO_LARGE));
    assertRefused("dgemm: A 0x0 needs a leading dimension in 1..2147483647, not 0",
        () -> gemm(0, 0, 0, a, 0, b, 1, c, 1));
    assertRefused("dgemm: A 3x2 needs a leading dimension in 2..2147483647, not 1",
        () -> Cblas.dgemm(TRANSPOSE, NO_TRANSPOSE, 2, 4, 3, 1, a, 1, b, 4, 0, c, 4));
  }

  @Test
  void segmentsThatAreTooShort() {
    assertRefused("dgemm: A needs 128x100 with leading dimension 100 = 102400 bytes, segment has 128",
        () -> gemm(128, 1, 100, a, 100, b, 1, c, 1));
    assertRefused("dgemm: B needs 5x4 with leading dimension 4 = 160 bytes, segment has 128",
        () -> gemm(1, 4, 5, a, 5, b, 4, c, 4));
    assertRefused("dgemm: C needs 5x4 with leading dimension 4 = 160 bytes, segment has 128",
        () -> gemm(5, 4, 1, a, 1, b, 4, c, 4));
    assertRefused("sgemm: A needs 2x2 with leading dimension 2 = 16 bytes, segment has 12",
        () -> Cblas.sgemm(NO_TRANSPOSE, NO_TRANSPOSE, 2, 2, 2, 1, a.asSlice(0, 12), 2, b, 2, 0, c, 2));
  }

  @Test
  void spansThatOverflow() {
    long max = Integer.MAX_VALUE;
    assertRefused("dgemm: A needs 2147483647x2147483647 with leading dimension 2147483647 = 36893488113059364872 "
        + "bytes, segment has 128", () -> gemm(max, 1, max, a, max, b, 1, c, 1));
  }

  @Test
  void heapSegments() {
    var heap = MemorySegment.ofArray(new double[16]);
    var refusal = " lies on the Java heap; native memory (an Arena's) is needed";
    assertRefused("dgemm: A" + refusal, () -> gemm(4, 4, 4, heap, 4, b, 4, c, 4));
    assertRefused("dgemm: B" + refusal, () -> gemm(4, 4, 4, a, 4, heap, 4, c, 4));
    assertRefused("dgemm: C" + refusal, () -> gemm(4, 4, 4, a, 4, b, 4, heap, 4));
    assertRefused("dsyrk: A" + refusal, () -> syrk(4, 4, heap, 4, c, 4));
  }

  @Test
  void misalignedSegments() {
    var odd = a.asSlice(4);
    assertRefused("dgemm: A starts at address 0x%x, which is no multiple of its element's 8 bytes"
        .formatted(odd.address()), () -> gemm(2, 2, 2, odd, 2, b, 2, c, 2));
  }

  @Test
  void readOnlyResult() {
    assertRefused("dgemm: C is written to, and its segment is read-only",
        () -> gemm(2, 2, 2, a, 2, b, 2, c.asReadOnly(), 2));
    assertDoesNotThrow(() -> gemm(2, 2, 2, a.asReadOnly(), 2, b.asReadOnly(), 2, c, 2));
  }

  @Test
  void resultOverInput() {
    assertRefused("dgemm: C is written to, and overlaps A in memory", () -> gemm(2, 2, 2, a, 2, b, 2, a, 2));
    assertRefused("dgemm: C is written to, and overlaps B in memory",
        () -> gemm(2, 2, 2, a, 2, b, 2, b.asSlice(24), 2));
    assertRefused("dsyrk: C is written to, and overlaps A in memory", () -> syrk(2, 2, a, 4, a.asSlice(8), 3));
    assertDoesNotThrow(() -> syrk(2, 2, a, 2, a.asSlice(32), 2), "next to each other");
    assertDoesNotThrow(() -> syrk(2, 2, a, 4, a.asSlice(16), 4), "side by side in one matrix");
    assertDoesNotThrow(() -> gemm(2, 2, 2, a, 2, a, 2, c, 2), "inputs may overlap");
  }

  @Test
  void emptyOperandsNeedNoMemory() {
    assertDoesNotThrow(() -> gemm(0, 4, 4, MemorySegment.NULL, 4, b, 4, MemorySegment.NULL, 4));
    c.set(JAVA_DOUBLE, 0, 7);
    Cblas.dgemm(NO_TRANSPOSE, NO_TRANSPOSE, 1, 1, 0, 1, MemorySegment.NULL, 1, MemorySegment.NULL, 1, 2, c, 1);
    assertEquals(14, c.get(JAVA_DOUBLE, 0), "an empty sum leaves beta C");
  }

  @Test
  void closedArena() {
    arena.close();
    assertThrows(IllegalStateException.class, () -> gemm(2, 2, 2, a, 2, b, 2, c, 2));
  }

  @Test
  void wrongThread() {
    var call = CompletableFuture.runAsync(() -> gemm(2, 2, 2, a, 2, b, 2, c, 2));
    var thrown = assertThrows(CompletionException.class, call::join);
    assertEquals(WrongThreadException.class, thrown.getCause().getClass());
  }

  @Test
  void eigensolverArguments() {
    var w = doubles(4);
    var work = doubles(100);
    var iwork = arena.allocate(4 * 100, 8);
    assertRefused("dsyevd: n is -1, outside 0..2147483647", () -> syevd(-1, a, 1, w, work, iwork));
    assertRefused("dsyevd: n is 32767, which needs a workspace of 2147549181 elements; "
        + "32-bit LAPACK counts to 2147483647", () -> syevd(32767, a, 32767, w, work, iwork));
    assertRefused("dsyevd: A 4x4 needs a leading dimension in 4..2147483647, not 3",
        () -> syevd(4, a, 3, w, work, iwork));
    assertRefused("dsyevd: A needs 5x5 with leading dimension 5 = 200 bytes, segment has 128",
        () -> syevd(5, a, 5, w, work, iwork));
    assertRefused("dsyevd: w needs 1x4 with leading dimension 4 = 32 bytes, segment has 24",
        () -> syevd(4, a, 4, w.asSlice(8), work, iwork));
    assertRefused("dsyevd: work needs 1x57 with leading dimension 57 = 456 bytes, segment has 128",
        () -> syevd(4, a, 4, w, b, iwork));
    assertRefused("dsyevd: iwork needs 1x23 with leading dimension 23 = 92 bytes, segment has 32",
        () -> syevd(4, a, 4, w, work, c.asSlice(0, 32)));
    assertRefused("dsyevd: A is written to, and its segment is read-only",
        () -> syevd(4, a.asReadOnly(), 4, w, work, iwork));
    assertRefused("dsyevd: A is written to, and overlaps w in memory",
        () -> syevd(4, a, 4, a.asSlice(96), work, iwork));
    assertRefused("dsyevd: w is written to, and overlaps work in memory", () -> syevd(4, a, 4, work, work, iwork));
  }

  @Test
  void fewerThanOneThread() {
    assertRefused("openblas_set_num_threads: 0 threads, at least 1 is needed", () -> OpenBlasControl.setThreads(0));
  }

  private MemorySegment doubles(int count) {
    return arena.allocate(8L * count, 8);
  }

  private static void gemm(
      long m, long n, long k, MemorySegment a, long lda, MemorySegment b, long ldb, MemorySegment c, long ldc) {
    Cblas.dgemm(NO_TRANSPOSE, NO_TRANSPOSE, m, n, k, 1, a, lda, b, ldb, 0, c, ldc);
  }

  private static void syrk(long n, long k, MemorySegment a, long lda, MemorySegment c, long ldc) {
    Cblas.dsyrk(Triangle.UPPER, NO_TRANSPOSE, n, k, 1, a, lda, 0, c, ldc);
  }

  private static void syevd(
      long n, MemorySegment a, long lda, MemorySegment w, MemorySegment work, MemorySegment iwork) {
    Lapacke.dsyevd(EigenJob.VECTORS, Triangle.UPPER, n, a, lda, w, work, iwork);
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
