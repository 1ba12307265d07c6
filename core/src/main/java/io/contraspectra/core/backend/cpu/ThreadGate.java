package io.contraspectra.core.backend.cpu;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntConsumer;

/**
 * Shares one process-wide number, OpenBLAS's thread count, among all who call it. Any number of callers may be inside
 * at once as long as each is content with one BLAS thread; a call that wants several has the gate for itself.
 *
 * <p>Callers are let in by order of arrival, so neither kind starves. For the same reason whoever is inside must not
 * wait for somebody who still has to enter.
 */
final class ThreadGate {

  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock(true);
  private final IntConsumer setThreads;
  private int threads;

  /**
   * A gate with nobody inside.
   *
   * @param setThreads sets the count; called only while nobody computes, and only when the count changes
   */
  ThreadGate(IntConsumer setThreads) {
    this.setThreads = setThreads;
  }

  /** Runs {@code work} beside others, with BLAS at one thread. */
  void shared(Runnable work) {
    pass(lock.readLock(), 1, work);
  }

  /** Runs {@code work} alone, with BLAS at {@code count} threads. */
  void exclusive(int count, Runnable work) {
    pass(lock.writeLock(), count, work);
  }

  /**
   * Waits for the calls with several threads that were made before. At the end of the process: its exit waits for
   * OpenBLAS's threads, for ever if they are at work. Whoever computes on while the process ends is let in as before.
   */
  void drain() {
    lock.readLock().lock();
    lock.readLock().unlock();
  }

  private void pass(Lock side, int count, Runnable work) {
    side.lock();
    try {
      ensure(count);
      work.run();
    } finally {
      side.unlock();
    }
  }

  // Safe on the shared side too: nobody is past this line there unless the count is 1 already.
  private synchronized void ensure(int count) {
    if (threads != count) {
      setThreads.accept(count);
      threads = count;
    }
  }
}
