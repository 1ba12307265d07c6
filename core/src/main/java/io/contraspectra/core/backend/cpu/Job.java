package io.contraspectra.core.backend.cpu;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Numbered parts of one caller's work, handed out one by one to every thread that runs this job. Threads may come late
 * or never; the caller waits for those that came.
 */
public final class Job implements Runnable {

  private static final long NONE = -1;

  private final long count;
  private final Supplier<Part> parts;
  private final AtomicLong next = new AtomicLong();
  private final @Nullable Thread interruptible;
  private volatile boolean stopped;
  private volatile int active;
  private @Nullable Throwable failure;

  /** What one thread does with the parts that it gets. */
  public interface Part extends AutoCloseable {

    void run(long index);

    @Override
    default void close() {}
  }

  /**
   * Describes the work; nothing runs yet.
   *
   * @param parts called once by each thread that takes part
   * @param interruptible a thread whose interruption keeps further parts from starting
   */
  Job(long count, Supplier<Part> parts, @Nullable Thread interruptible) {
    this.count = count;
    this.parts = parts;
    this.interruptible = interruptible;
  }

  /** Takes part until no part is left. Never throws: failures are for the caller, see {@link #finish()}. */
  @Override
  public void run() {
    if (enter()) {
      try (Part part = parts.get()) {
        for (long index = take(); index != NONE; index = take()) {
          part.run(index);
        }
      } catch (Throwable t) {
        fail(t);
      } finally {
        leave();
      }
    }
  }

  /** Keeps further parts from starting. */
  void stop() {
    stopped = true;
  }

  /**
   * Waits until nobody runs a part any more, and reports what went wrong. Looks out for a while before it sleeps, as
   * the threads of the pool do.
   *
   * @throws CancellationException if an interruption kept parts from running
   */
  void finish() {
    for (long start = System.nanoTime(); running() && System.nanoTime() - start < SpinningQueue.NANOSECONDS;) {
      Thread.onSpinWait();
    }
    awaitEnd();
  }

  private boolean running() {
    return active > 0 || !exhausted();
  }

  private synchronized void awaitEnd() {
    boolean interrupted = false;
    while (running()) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
        if (Thread.currentThread() == interruptible) {
          stop();
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (failure != null) {
      throw Job.<RuntimeException>asItIs(failure);
    }
    if (stopped && next.get() < count) {
      throw new CancellationException("interrupted after " + next.get() + " of " + count + " tiles");
    }
  }

  private synchronized boolean enter() {
    if (exhausted()) {
      return false;
    }
    active++;
    return true;
  }

  private synchronized void leave() {
    active--;
    notifyAll();
  }

  private synchronized void fail(Throwable t) {
    stop();
    if (failure == null) {
      failure = t;
    } else if (failure != t) {
      failure.addSuppressed(t);
    }
  }

  private boolean exhausted() {
    return stopped || next.get() >= count;
  }

  private long take() {
    if (Thread.currentThread() == interruptible && interruptible.isInterrupted()) {
      stop();
    }
    if (stopped) {
      return NONE;
    }
    long index = next.getAndIncrement();
    return index < count ? index : NONE;
  }

  /** Lets a checked exception through, should a part have managed to throw one. */
  @SuppressWarnings("unchecked")
  static <T extends Throwable> T asItIs(Throwable t) throws T {
    throw (T) t;
  }
}
