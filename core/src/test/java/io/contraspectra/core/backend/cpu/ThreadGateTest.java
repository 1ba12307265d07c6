package io.contraspectra.core.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ThreadGateTest {

  private final List<Integer> counts = new ArrayList<>();
  private final ThreadGate gate = new ThreadGate(counts::add);

  @Test
  void drainingWaitsForTheCallUnderWay() throws InterruptedException {
    var entered = new CountDownLatch(1);
    var finish = new CountDownLatch(1);
    Thread caller = Thread.ofPlatform().start(() -> gate.exclusive(2, () -> {
      entered.countDown();
      awaitUninterrupted(finish);
    }));
    entered.await();
    Thread drain = Thread.ofPlatform().start(gate::drain);
    while (drain.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    finish.countDown();
    caller.join();
    drain.join();
    assertEquals(List.of(2), counts);
  }

  @Test
  void whoComputesAfterwardsIsLetIn() throws InterruptedException {
    Thread drain = Thread.ofPlatform().start(gate::drain);
    drain.join();
    gate.exclusive(2, () -> {});
    gate.shared(() -> {});
    assertEquals(List.of(2, 1), counts);
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
