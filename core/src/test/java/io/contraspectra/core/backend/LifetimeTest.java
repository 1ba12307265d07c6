package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InUse;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NoOpenMemory;
import io.contraspectra.core.matrix.UseAfterClose;
import io.contraspectra.core.matrix.Workspace;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who may close what, and when. */
@ExtendWith(NoOpenMemory.class)
class LifetimeTest {

  private static final Sizes SIZES = new Sizes(3, 5, 7, 2);

  @ParameterizedTest
  @MethodSource("io.contraspectra.core.backend.BackendCall#all")
  void everyOperationHoldsAllItsOperands(BackendCall call) {
    var refusals = new AtomicInteger();
    Engine probe = EngineProbe.around(new ReferenceEngine(), operands -> operands.forEach(operand -> {
      assertThrows(InUse.class, operand.memory()::close);
      refusals.incrementAndGet();
    }));
    try (var backend = new Backend(probe); var operands = new OpenMatrices(backend, call.shapes(SIZES))) {
      call.run(backend, SIZES, 1, 1, operands.all());
      assertTrue(refusals.get() >= operands.all().length, "the engine saw " + refusals + " operands");
    }
  }

  @ParameterizedTest
  @MethodSource("io.contraspectra.core.backend.BackendCall#all")
  void failingOperationsLetGoOfTheirOperands(BackendCall call) {
    var failure = new IllegalStateException("the device is on fire");
    Engine broken = EngineProbe.around(new ReferenceEngine(), operands -> {
      throw failure;
    });
    try (var backend = new Backend(broken); var operands = new OpenMatrices(backend, call.shapes(SIZES))) {
      assertSame(failure, assertThrows(RuntimeException.class, () -> call.run(backend, SIZES, 1, 1, operands.all())));
    }
  }

  @Test
  void anotherThreadCannotCloseWhatACallUses() throws InterruptedException {
    var entered = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    Engine slow = EngineProbe.around(new ReferenceEngine(), operands -> {
      entered.countDown();
      awaitQuietly(leave);
    });
    try (var backend = new Backend(slow); Matrix x = backend.zeros(DType.F64, 2, 2)) {
      Thread caller = Thread.ofPlatform().start(() -> backend.fill(3, x));
      entered.await();
      String message = assertThrows(InUse.class, x::close).getMessage();
      assertTrue(message.contains("32 bytes of host"), message);
      leave.countDown();
      caller.join();
      assertEquals(12, backend.sum(x), "the refused close must not have harmed the matrix");
    }
  }

  @EveryBackend
  void closingTwiceDoesNothing(Backend backend) {
    Matrix x = backend.zeros(DType.F64, 2, 2);
    x.close();
    x.close();
    assertTrue(x.memory().isClosed());
  }

  @EveryBackend
  void closingAViewDoesNothing(Backend backend) {
    try (Matrix x = backend.zeros(DType.F64, 4, 4)) {
      x.block(1, 1, 2, 2).close();
      x.rowRange(0, 2).close();
      x.reshape(2, 8).close();
      backend.fill(1, x);
      assertEquals(16, backend.sum(x));
    }
  }

  @EveryBackend
  void nothingWorksAfterClose(Backend backend) {
    Matrix x = backend.zeros(DType.F64, 4, 4);
    Matrix view = x.rowRange(1, 2);
    x.close();
    assertThrows(UseAfterClose.class, () -> backend.sum(view));
    assertThrows(UseAfterClose.class, () -> view.get(0, 0));
    assertThrows(UseAfterClose.class, () -> x.set(0, 0, 1));
    assertThrows(UseAfterClose.class, x::toArray);
    assertThrows(UseAfterClose.class, () -> backend.copyOf(x, DType.F32));
  }

  @EveryBackend
  void closingAWorkspaceEndsItsMatrices(Backend backend) {
    Workspace workspace = backend.workspace(Workspace.bytes(DType.F64, 3, 3));
    Matrix x = workspace.matrix(DType.F64, 3, 3);
    x.close();
    backend.fill(1, x);
    workspace.close();
    assertThrows(UseAfterClose.class, () -> backend.fill(1, x));
  }

  @EveryBackend
  void exhaustedWorkspaceSaysWhatIsLeftAndWhatIsNeeded(Backend backend) {
    try (Workspace workspace = backend.workspace(Workspace.bytes(DType.F64, 3, 3) + 100)) {
      workspace.matrix(DType.F64, 3, 3);
      var refusal = assertThrows(InvalidArgument.class, () -> workspace.matrix(DType.F32, 5, 8));
      assertTrue(refusal.getMessage().contains("has 100 left, a 5x8 F32 matrix needs 192"), refusal.getMessage());
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
