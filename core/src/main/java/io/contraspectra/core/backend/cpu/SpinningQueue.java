package io.contraspectra.core.backend.cpu;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A queue of work whose takers look out for some microseconds before they sleep: to wake a thread takes longer than a
 * computation pauses between two operations. A taker that looks out is given work without waking one that sleeps.
 */
final class SpinningQueue extends LinkedBlockingQueue<Runnable> {

  /** How long to look out before sleeping. */
  static final long NANOSECONDS = 50_000;

  private static final long serialVersionUID = 1;

  // Takers that look out and that no work was given to yet; work that was given to the others of them.
  private final AtomicInteger free = new AtomicInteger();
  private final ConcurrentLinkedQueue<Runnable> given = new ConcurrentLinkedQueue<>();

  @Override
  public boolean offer(Runnable work) {
    return engage() ? given.add(work) : super.offer(work);
  }

  @Override
  public @Nullable Runnable poll(long timeout, TimeUnit unit) throws InterruptedException {
    Runnable work = lookOut();
    return work == null ? super.poll(timeout, unit) : work;
  }

  private @Nullable Runnable lookOut() {
    free.incrementAndGet();
    for (long start = System.nanoTime(); System.nanoTime() - start < NANOSECONDS; Thread.onSpinWait()) {
      Runnable work = given.poll();
      if (work != null) {
        return work;
      }
      if (!isEmpty() && engage()) {
        return poll();
      }
    }
    while (!engage()) {
      Runnable work = given.poll();
      if (work != null) {
        return work;
      }
      Thread.onSpinWait();
    }
    return null;
  }

  /** Makes a free taker one that is not, if there is one. */
  private boolean engage() {
    int now = free.get();
    while (now > 0 && !free.compareAndSet(now, now - 1)) {
      now = free.get();
    }
    return now > 0;
  }
}
