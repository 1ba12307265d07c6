package io.contraspectra.core.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What threads may and may not do to results, and that nobody waits for ever. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThreadsTest {

  /** Large enough for every operation to be split. */
  private static final int ROWS = 331;
  private static final int COLS = 613;

  @Test
  void bitsAreTheSameForAnyNumberOfThreads() {
    for (KernelSet kernels : KernelSet.values()) {
      for (DType dtype : DType.values()) {
        double[] one = numbers(1, kernels, dtype);
        assertArrayEquals(one, numbers(2, kernels, dtype));
        assertArrayEquals(one, numbers(3, kernels, dtype));
      }
    }
  }

  private static double[] numbers(int threads, KernelSet kernels, DType dtype) {
    var results = new ArrayList<Double>();
    try (Backend backend = new Backend(new CpuEngine(threads, kernels));
        Matrix x = backend.zeros(dtype, ROWS, COLS);
        Matrix y = backend.zeros(dtype, ROWS, COLS);
        Matrix sums = backend.zeros(dtype, 1, COLS);
        Matrix dots = backend.zeros(dtype, ROWS, 1);
        Matrix grams = backend.zeros(dtype, 6 * 50, 50)) {
      x.copyFrom(new Random(7).doubles((long) ROWS * COLS, -3, 3).toArray());
      backend.map(UnaryFunction.GELU, x, y);
      results.add(backend.sum(y));
      results.add(backend.dot(x, y));
      results.add(backend.distance(x, y));
      results.add(backend.maxAbs(y));
      backend.columnSums(1, y, 0, sums);
      backend.rowDots(x, y, dots);
      backend.tiles(6, Workspace.bytes(dtype, 50, 50), (tile, workspace) -> {
        Matrix rows = x.rowRange(50 * tile, 50);
        Matrix gram = workspace.matrix(dtype, 50, 50);
        backend.gemm(Transpose.NO, Transpose.YES, 1, rows, rows, 0, gram);
        backend.copy(gram, grams.rowRange(50 * tile, 50));
      });
      for (Matrix matrix : List.of(y, sums, dots, grams)) {
        for (double value : matrix.toArray()) {
          results.add(value);
        }
      }
      return results.stream().mapToDouble(Double::doubleValue).toArray();
    }
  }

  @Test
  void aViewReducesToTheSameBitsAsItsCopy() {
    try (Backend backend = new Backend(new CpuEngine(3, KernelSet.best()));
        Matrix x = backend.zeros(DType.F64, ROWS, COLS)) {
      x.copyFrom(new Random(8).doubles((long) ROWS * COLS).toArray());
      Matrix view = x.block(1, 2, ROWS - 3, COLS - 5);
      try (Matrix copy = backend.copyOf(view, DType.F64)) {
        assertEquals(backend.sum(copy), backend.sum(view));
        assertEquals(backend.dot(copy, copy), backend.dot(view, view));
      }
    }
  }

  /** Platform and virtual threads of two engines mix tiles, large and small products, and elementwise work. */
  @Test
  void everybodyGetsThrough() throws InterruptedException, ExecutionException {
    try (Backend two = new Backend(new CpuEngine(2, KernelSet.best()));
        Backend three = new Backend(new CpuEngine(3, KernelSet.PLAIN));
        Matrix a = two.zeros(DType.F64, 200, 200);
        Matrix s = two.zeros(DType.F64, 20, 20);
        var platform = Executors.newFixedThreadPool(8);
        var virtual = Executors.newVirtualThreadPerTaskExecutor()) {
      two.fill(1, a);
      two.fill(1, s);
      var calls = new ArrayList<Future<?>>();
      for (int i = 0; i < 60; i++) {
        Backend backend = i % 2 == 0 ? two : three;
        var executor = i % 3 == 0 ? virtual : platform;
        calls.add(executor.submit(() -> product(backend, a)));
        calls.add(executor.submit(() -> product(backend, s)));
        calls.add(executor.submit(() -> backend.tiles(9, 200 * 200 * 8L, (tile, workspace) -> {
          Matrix c = workspace.matrix(DType.F64, 200, 200);
          backend.gemm(Transpose.NO, Transpose.NO, 1, a, a, 0, c);
          assertEquals(200.0 * 200 * 200, backend.sum(c));
        })));
      }
      for (Future<?> call : calls) {
        call.get();
      }
    }
  }

  private static void product(Backend backend, Matrix a) {
    try (Matrix c = backend.zeros(DType.F64, a.rows(), a.cols())) {
      backend.gemm(Transpose.NO, Transpose.NO, 1, a, a, 0, c);
      assertEquals((double) a.rows() * a.rows() * a.rows(), backend.sum(c));
    }
  }

  @Test
  void tilesInsideATileRunOnItsThread() {
    try (Backend backend = new Backend(new CpuEngine(3, KernelSet.best()))) {
      var inner = new AtomicLong();
      backend.tiles(20, 0, (tile, workspace) -> {
        Thread outer = Thread.currentThread();
        backend.tiles(5, 64, (innerTile, innerWorkspace) -> {
          assertEquals(outer, Thread.currentThread());
          innerWorkspace.matrix(DType.F64, 1, 8);
          inner.incrementAndGet();
        });
      });
      assertEquals(100, inner.get());
    }
  }

  @Test
  void tilesOfAVirtualThreadRunOnPlatformThreads() throws InterruptedException {
    try (Backend backend = new Backend(new CpuEngine(2, KernelSet.best()))) {
      var onVirtual = new AtomicInteger();
      var runs = new AtomicInteger();
      Thread.ofVirtual().start(() -> backend.tiles(50, 0, (tile, workspace) -> {
        runs.incrementAndGet();
        if (Thread.currentThread().isVirtual()) {
          onVirtual.incrementAndGet();
        }
      })).join();
      assertEquals(50, runs.get());
      assertEquals(0, onVirtual.get());
    }
  }

  @Test
  void interruptionStopsTilesAndIsKept() throws InterruptedException {
    for (Thread.Builder kind : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
      try (Backend backend = new Backend(new CpuEngine(2, KernelSet.best()))) {
        var started = new CountDownLatch(1);
        var running = new AtomicInteger();
        var flagKept = new AtomicInteger();
        Thread caller = kind.start(() -> {
          assertThrows(CancellationException.class, () -> backend.tiles(Long.MAX_VALUE, 0, (tile, workspace) -> {
            running.incrementAndGet();
            started.countDown();
            Thread.onSpinWait();
            running.decrementAndGet();
          }));
          assertEquals(0, running.get());
          flagKept.set(Thread.currentThread().isInterrupted() ? 1 : 0);
        });
        started.await();
        caller.interrupt();
        caller.join();
        assertEquals(1, flagKept.get());
      }
    }
  }

  @Test
  void failureKeepsItsOwnStack() {
    try (Backend backend = new Backend(new CpuEngine(2, KernelSet.best()))) {
      var thrown = assertThrows(IllegalStateException.class, () -> backend.tiles(1000, 0, (tile, workspace) -> {
        throw new IllegalStateException("tile " + tile);
      }));
      assertTrue(List.of(thrown.getStackTrace()).stream().anyMatch(e -> e.getClassName().startsWith(
          ThreadsTest.class.getName())));
    }
  }

  @Test
  void gateLetsInManyOfOneOrOneOfMany() throws InterruptedException, ExecutionException {
    var counts = new ArrayList<Integer>();
    var inside = new AtomicInteger();
    var alone = new AtomicInteger();
    var gate = new ThreadGate(count -> {
      assertEquals(0, inside.get() + alone.get(), "the count changes only while nobody is inside");
      counts.add(count);
    });
    var calls = new ArrayList<Future<?>>();
    try (var callers = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 2000; i++) {
        boolean exclusive = i % 5 == 0;
        calls.add(callers.submit(() -> {
          if (exclusive) {
            gate.exclusive(4, () -> {
              assertEquals(1, alone.incrementAndGet());
              assertEquals(0, inside.get());
              alone.decrementAndGet();
            });
          } else {
            gate.shared(() -> {
              inside.incrementAndGet();
              assertEquals(0, alone.get());
              inside.decrementAndGet();
            });
          }
        }));
      }
    }
    for (Future<?> call : calls) {
      call.get();
    }
    for (int i = 1; i < counts.size(); i++) {
      assertFalse(counts.get(i).equals(counts.get(i - 1)), "set twice to the same count");
    }
  }
}
