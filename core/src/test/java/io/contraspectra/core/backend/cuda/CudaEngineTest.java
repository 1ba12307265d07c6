package io.contraspectra.core.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.bindings.cuda.CudaDriver;
import io.contraspectra.bindings.cuda.CudaException;
import io.contraspectra.bindings.cuda.Cublas.MathMode;
import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.backend.Work;
import io.contraspectra.core.backend.cpu.Workers;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.DeviceFailure;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NoOpenMemory;
import io.contraspectra.core.matrix.OutOfDeviceMemory;
import io.contraspectra.core.matrix.UseAfterClose;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.matrix.WrongBackend;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the contract of all backends does not say: memory, streams and ends of the CUDA backend. */
@ExtendWith(NoOpenMemory.class)
class CudaEngineTest {

  private long before;

  @BeforeEach
  void load() {
    before = CudaEmulator.live();
  }

  @AfterEach
  void nothingIsLeftOnTheDevice() {
    assertEquals(before, CudaEmulator.live(), "contexts, blocks, streams, events, modules or handles were left");
    System.clearProperty(Device.PROPERTY);
    System.clearProperty(Backends.DEVICE_MEMORY_PROPERTY);
  }

  @Test
  void thousandsOfMatricesLeaveTheDeviceAsItWas() {
    try (var backend = new Backend(CudaEmulator.engine())) {
      backend.zeros(DType.F64, 100, 100).close();
      long live = CudaEmulator.live();
      long available = backend.available();
      for (int i = 0; i < 10_000; i++) {
        backend.zeros(DType.F64, 90 + i % 10, 100).close();
      }
      assertTrue(CudaEmulator.live() <= live + 8, "blocks must be used again");
      assertEquals(available, backend.available(), 1 << 20, "bytes that can be taken");
    }
  }

  @Test
  void matricesMayBeClosedAfterTheirBackend() {
    var backend = new Backend(CudaEmulator.engine());
    Matrix x = backend.matrix(1, 2, 3, 4);
    backend.close();
    backend.close();
    assertThrows(UseAfterClose.class, x::toArray);
    assertThrows(UseAfterClose.class, () -> backend.zeros(DType.F64, 1, 1));
    x.close();
  }

  @Test
  void fullDeviceIsAnErrorWithNumbersAndHarmsNothing() {
    CudaEmulator.requireLoaded();
    try (var backend = new Backend(CudaEmulator.engine()); Matrix x = backend.matrix(1, 1, 42)) {
      var refusal = assertThrows(OutOfDeviceMemory.class, () -> backend.zeros(DType.F64, 1 << 14, 1 << 14));
      assertEquals(1L << 31, refusal.asked());
      assertTrue(refusal.free() > 0 && refusal.free() < 1 << 30, refusal.getMessage());
      assertEquals(42, backend.sum(x));
    }
  }

  @Test
  void memoryIsBoundedByWhatTheUserAllows() {
    System.setProperty(Backends.DEVICE_MEMORY_PROPERTY, "20000000");
    try (var backend = new Backend(CudaEmulator.engine()); Matrix x = backend.zeros(DType.F64, 1000, 1000)) {
      backend.zeros(DType.F64, 1200, 1000).close();
      backend.zeros(DType.F64, 1, 1_400_000).close();
      var refusal = assertThrows(OutOfDeviceMemory.class, () -> backend.zeros(DType.F64, 2000, 1000));
      assertTrue(refusal.free() < 20_000_000 - x.size() * 8, refusal.getMessage());
    }
    System.setProperty(Backends.DEVICE_MEMORY_PROPERTY, "-1");
    assertThrows(InvalidArgument.class, CudaEmulator::engine);
  }

  @Test
  void idleBlocksAreGivenUpWhenTheDeviceIsFull() {
    CudaEmulator.requireLoaded();
    try (var backend = new Backend(CudaEmulator.engine())) {
      backend.zeros(DType.F64, 1, 80 << 20).close();
      try (Matrix x = backend.zeros(DType.F64, 1, 100 << 20)) {
        assertEquals(100 << 20, x.cols());
      }
    }
  }

  @Test
  void matrixOfAnotherBackendIsRefusedByBothNames() {
    try (var device = new Backend(CudaEmulator.engine()); var host = Backends.cpu(1);
        Matrix x = host.zeros(DType.F64, 2, 2)) {
      var refusal = assertThrows(WrongBackend.class, () -> device.fill(1, x));
      assertTrue(refusal.getMessage().contains("host memory") && refusal.getMessage().contains("'cuda'")
          && refusal.getMessage().contains("cuda:0"), refusal.getMessage());
    }
  }

  @Test
  void largeCopiesGoThroughBothHalvesOfTheStage() {
    int elements = 3_000_001;
    double[] values = new Random(1).doubles(elements).toArray();
    try (var backend = new Backend(CudaEmulator.engine()); Matrix x = backend.zeros(DType.F64, 1, elements)) {
      x.copyFrom(values);
      backend.add(1, x, 1, x);
      double[] doubled = x.toArray();
      for (int i = 0; i < elements; i += 997) {
        assertEquals(2 * values[i], doubled[i]);
      }
    }
  }

  /** Two tiles run at once, each waiting for the other, so in two lanes. */
  @Test
  void twoStreamsGiveTheBitsOfOne() {
    try (var backend = new Backend(CudaEmulator.engine()); Matrix x = backend.zeros(DType.F64, 60, 70)) {
      x.copyFrom(new Random(2).doubles(x.size()).toArray());
      double[] alone = pipeline(backend, x);
      var together = new double[2][];
      var barrier = new CyclicBarrier(2);
      backend.tiles(2, Workspace.bytes(DType.F64, 60, 60), (tile, workspace) -> {
        await(barrier);
        together[(int) tile] = pipeline(backend, x);
        await(barrier);
      });
      assertArrayEquals(alone, together[0]);
      assertArrayEquals(alone, together[1]);
    }
  }

  /** Work before, in and after tiles depends on each other, though it runs in different streams. */
  @Test
  void lanesForkFromTheMainStreamAndJoinIt() {
    try (var backend = new Backend(CudaEmulator.engine()); Matrix x = backend.zeros(DType.F64, 8, 1000);
        Matrix y = backend.zeros(DType.F64, 8, 1000)) {
      for (int round = 1; round <= 20; round++) {
        double filled = round;
        backend.fill(filled, x);
        backend.tiles(8, 0, (row, workspace) -> {
          assertEquals(filled, x.get(row, 999), "a tile comes after all that came before it");
          backend.add(row + 1, x.rowRange(row, 1), 0, y.rowRange(row, 1));
        });
        backend.shift(1, y);
        assertEquals(1000 * (36.0 * round + 8), backend.sum(y));
      }
    }
  }

  @Test
  void tilesInsideTilesStayInTheirLane() {
    try (var backend = new Backend(CudaEmulator.engine()); Matrix sums = backend.zeros(DType.F64, 3, 3)) {
      backend.tiles(3, 64, (i, outer) -> backend.tiles(3, 64, (j, inner) -> {
        Matrix one = inner.matrix(DType.F64, 1, 1);
        backend.fill(10 * i + j, one);
        backend.copy(one, sums.block(i, j, 1, 1));
      }));
      assertArrayEquals(new double[] {0, 1, 2, 10, 11, 12, 20, 21, 22}, sums.toArray());
    }
  }

  @Test
  void callsOfSeveralThreadsGoIntoOneStream() throws InterruptedException {
    try (var backend = new Backend(CudaEmulator.engine()); Matrix x = backend.zeros(DType.F64, 4, 500)) {
      var threads = new Thread[4];
      for (int t = 0; t < threads.length; t++) {
        Matrix row = x.rowRange(t, 1);
        threads[t] = (t % 2 == 0 ? Thread.ofPlatform() : Thread.ofVirtual()).start(() -> {
          for (int i = 0; i < 50; i++) {
            backend.shift(1, row);
          }
        });
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(4 * 500 * 50, backend.sum(x));
    }
  }

  @Test
  void virtualThreadsCopySegmentsThatAreConfinedToThem() throws InterruptedException {
    var copied = new AtomicBoolean();
    try (var backend = new Backend(CudaEmulator.engine()); Matrix x = backend.zeros(DType.F64, 1, 700_000)) {
      Thread.ofVirtual().start(() -> {
        try (var arena = Arena.ofConfined()) {
          MemorySegment numbers = arena.allocate(x.memory().byteSize());
          numbers.setAtIndex(ValueLayout.JAVA_DOUBLE, 699_999, 7);
          x.memory().write(0, numbers);
          backend.shift(1, x);
          x.memory().read(0, numbers);
          copied.set(numbers.getAtIndex(ValueLayout.JAVA_DOUBLE, 699_999) == 8
              && numbers.getAtIndex(ValueLayout.JAVA_DOUBLE, 0) == 1);
        }
      }).join();
    }
    assertTrue(copied.get());
  }

  /** A tile that closes its own backend still ends, later ones are refused, and the last one's end closes the rest. */
  @Test
  void closingWhileTilesRunWaitsForThem() {
    var backend = new Backend(CudaEmulator.engine());
    try (Matrix x = backend.zeros(DType.F64, 1, 100)) {
      var ended = new AtomicBoolean();
      try {
        backend.tiles(2, 64, (row, workspace) -> {
          backend.close();
          backend.fill(row, x);
          ended.set(true);
        });
      } catch (UseAfterClose e) {
        assertTrue(e.getMessage().contains("this backend was closed"), e.getMessage());
      }
      assertTrue(ended.get());
      assertThrows(UseAfterClose.class, () -> backend.fill(1, x));
    }
  }

  @Test
  void failedWorkIsAnErrorOfTheDevice() {
    try (var device = Device.open(); var workers = new Workers(1)) {
      var lanes = new Lanes(Device.open(), MathMode.EXACT, workers);
      var failure = assertThrows(DeviceFailure.class, () -> lanes.run(lane -> CudaDriver.free(1)));
      assertTrue(failure.getMessage().startsWith("device cuda:0 failed: cuMemFree: CUDA_ERROR_INVALID_VALUE; close"),
          failure.getMessage());
      lanes.close(() -> {});
      assertEquals("cuda:0", device.space());
    }
  }

  @Test
  void whatCanBeTakenIsWhatIsFreeAndAllowed() {
    System.setProperty(Backends.DEVICE_MEMORY_PROPERTY, String.valueOf(800 << 20));
    try (var backend = new Backend(CudaEmulator.engine())) {
      long before = backend.available();
      assertTrue(before > 100 << 20 && before < 800 << 20, () -> before + " bytes");
      try (Matrix x = backend.zeros(DType.F64, 1, 1 << 20)) {
        assertEquals(before - 8 * x.cols(), backend.available());
      }
      assertEquals(before, backend.available(), "idle blocks count");
    }
  }

  @Test
  void autoTakesTheDeviceForWorkThatPaysForIt() {
    try (var backend = Backends.select("auto", 2, new Work(1e15, 1e9))) {
      assertEquals("cuda", backend.name());
    }
    try (var backend = Backends.select("auto", 2, new Work(1e9, 1e9))) {
      assertEquals("cpu", backend.name());
    }
    assertEquals("estimated cpu 2.5e+04 s, cuda 5.0e+02 s", Backends.estimates(new Work(1e15, 1e9), 2));
  }

  @Test
  void deviceThatIsNotThereIsRefused() {
    CudaEmulator.requireLoaded();
    System.setProperty(Device.PROPERTY, "3");
    var refusal = assertThrows(InvalidArgument.class, CudaEmulator::engine);
    assertTrue(refusal.getMessage().contains("are 0 to 0"), refusal.getMessage());
  }

  /** The emulator itself: an access outside a block becomes an error of the next call. */
  @Test
  void accessOutsideABlockIsSeen() {
    CudaEmulator.requireLoaded();
    try (Device device = Device.open()) {
      device.enter();
      long block = CudaDriver.allocate(512);
      var kernels = new Kernels(device);
      var lanes = new Lanes(Device.open(), MathMode.EXACT, new Workers(1));
      lanes.run(lane -> {
        kernels.launch(lane, DType.F64, "fill").real(1).matrix(Operand.packed(block, DType.F64, 1, 65)).each(1, 65);
        var fault = assertThrows(CudaException.class, lane::synchronise);
        assertEquals("CUDA_ERROR_ILLEGAL_ADDRESS", fault.status());
        assertEquals("cuStreamSynchronize", fault.call());
      });
      lanes.close(kernels::close);
      device.enter();
      CudaDriver.free(block);
    }
  }

  @Test
  void describesTheDevice() {
    CudaEmulator.requireLoaded();
    try (var backend = new Backend(CudaEmulator.engine())) {
      assertEquals("cuda: Emulated Device (compute capability 7.5, 1024 MiB), driver for CUDA 13.0,"
          + " cuBLAS of CUDA 13.0", backend.describe());
      assertEquals("cuda", backend.name());
    }
  }

  // Products, reductions, factorisations and maps one after the other.
  private static double[] pipeline(Backend backend, Matrix x) {
    try (Matrix gram = backend.zeros(DType.F64, 60, 60); Matrix values = backend.zeros(DType.F64, 1, 60)) {
      backend.gemm(Transpose.NO, Transpose.YES, 1, x, x, 0, gram);
      backend.map(UnaryFunction.TANH, gram, gram);
      backend.add(1 / backend.norm(gram), gram, 0, gram);
      backend.eigh(gram, values);
      return gram.toArray();
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
