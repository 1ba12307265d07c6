package io.contraspectra.core.backend.cpu;

import io.contraspectra.core.matrix.UseAfterClose;
import java.util.concurrent.CancellationException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * An engine's threads: a bounded pool of daemons that helps callers with their work.
 *
 * <p>What runs in the pool never waits for other work, and platform threads take part in their own, so any number of
 * callers may use the pool at once. Work started from inside such work runs at once on the same thread.
 */
public final class Workers implements AutoCloseable {

  private static final ScopedValue<Boolean> WORKING = ScopedValue.newInstance();
  private static final long IDLE_SECONDS = 10;

  private final int threads;
  private final ThreadPoolExecutor pool;

  /** Starts no thread yet; {@code threads} work at once for one caller, the caller included. */
  public Workers(int threads) {
    this.threads = threads;
    var factory = Thread.ofPlatform().daemon().name("contraspectra-cpu-", 0).factory();
    this.pool = new ThreadPoolExecutor(
        threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new SpinningQueue(), factory);
    pool.allowCoreThreadTimeOut(true);
  }

  /** Threads that work at once for one caller, the caller included. */
  int threads() {
    return threads;
  }

  /** Whether the current thread is computing a part of some engine's parallel work. */
  static boolean working() {
    return WORKING.isBound();
  }

  /** Throws once the engine is closed. */
  void requireOpen() {
    if (pool.isShutdown()) {
      throw new UseAfterClose("this backend was closed; keep it open as long as operations run on it");
    }
  }

  /** Runs parts 0 to {@code count - 1} of a short computation, which an interruption does not stop. */
  void forEach(long count, LongConsumer part) {
    run(new Job(count, () -> part::accept, null), count, true);
  }

  /** The same on platform threads only. */
  void forEachOnPlatform(long count, LongConsumer part) {
    run(new Job(count, () -> part::accept, null), count, !Thread.currentThread().isVirtual());
  }

  /**
   * Runs parts 0 to {@code count - 1}, on platform threads only. The first failure keeps further parts from starting
   * and is thrown when all have stopped; so does an interruption of the caller.
   *
   * @param parts called once by each thread that takes part
   * @throws CancellationException if the caller was interrupted before all parts ran; its interrupt flag stays set
   */
  public void forEach(long count, Supplier<Job.Part> parts) {
    Thread caller = Thread.currentThread();
    run(new Job(count, parts, caller), count, !caller.isVirtual());
  }

  /** Runs one call on a platform thread: on this one if it is one. */
  public void onPlatformThread(Runnable call) {
    if (Thread.currentThread().isVirtual()) {
      run(new Job(1, () -> index -> call.run(), null), 1, false);
    } else {
      call.run();
    }
  }

  private void run(Job job, long count, boolean here) {
    if (working()) {
      job.run();
    } else {
      try {
        long helpers = here ? Math.min(threads, count) - 1 : Math.min(threads, count);
        for (long i = 0; i < helpers; i++) {
          pool.execute(() -> marked(job));
        }
        if (here) {
          marked(job);
        }
      } catch (RejectedExecutionException e) {
        job.stop();
        requireOpen();
      }
    }
    job.finish();
  }

  private static void marked(Job job) {
    ScopedValue.where(WORKING, true).run(job);
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}
