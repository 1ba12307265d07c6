package io.contraspectra.core.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work is taken once, whether its taker looks out, sleeps, or comes later. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpinningQueueTest {

  private static final Runnable WORK = () -> {};

  @Test
  void workThatWasThereFirst() throws InterruptedException {
    var queue = new SpinningQueue();
    queue.add(WORK);
    assertSame(WORK, queue.poll(1, TimeUnit.NANOSECONDS));
    assertNull(queue.poll(1, TimeUnit.NANOSECONDS));
  }

  @Test
  void workForASleeper() throws Exception {
    var queue = new SpinningQueue();
    var taken = new FutureTask<>(() -> queue.poll(60, TimeUnit.SECONDS));
    var taker = Thread.ofPlatform().start(taken);
    while (taker.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    queue.add(WORK);
    assertSame(WORK, taken.get());
  }

  @Test
  void sleepersCanBeInterrupted() throws InterruptedException {
    Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, () -> new SpinningQueue().poll(60, TimeUnit.SECONDS));
  }

  @Test
  void everythingIsDoneOnceHoweverLongThePauses() throws InterruptedException {
    int producers = 3;
    int each = 20_000;
    var done = new AtomicIntegerArray(producers * each);
    var rest = new CountDownLatch(producers * each);
    try (var pool = new ThreadPoolExecutor(3, 3, 1, TimeUnit.MILLISECONDS, new SpinningQueue())) {
      pool.allowCoreThreadTimeOut(true);
      for (int p = 0; p < producers; p++) {
        int first = p * each;
        Thread.ofPlatform().start(() -> {
          for (int i = first; i < first + each; i++) {
            int number = i;
            pool.execute(() -> {
              done.incrementAndGet(number);
              rest.countDown();
            });
            if (i % 100 == 0) {
              // Around the time for which takers look out, and now and then beyond that for which they sleep.
              LockSupport.parkNanos(i % 1000 == 0 ? 2_000_000 : SpinningQueue.NANOSECONDS / 2 + i % 700 * 100);
            }
          }
        });
      }
      rest.await();
    }
    for (int i = 0; i < done.length(); i++) {
      assertEquals(1, done.get(i));
    }
  }
}
