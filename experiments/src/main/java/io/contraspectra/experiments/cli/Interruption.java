package io.contraspectra.experiments.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Ctrl-C for commands that keep what they have finished. Once a command has armed this, an interrupt raises a flag and
 * holds the JVM up; the command sees the flag between two pieces of work, writes what it has and ends, and then the JVM
 * goes down with the signal's own exit code, 130.
 */
final class Interruption {

  private static final long PATIENCE_SECONDS = 60;
  // A JVM goes down once.
  private static volatile boolean requested;
  private static @Nullable Interruption armed;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::onShutdown, "interruption");

  private Interruption() {}

  /** From now on an interrupt waits for the command to finish. */
  static synchronized void arm() {
    disarm();
    armed = new Interruption();
    Runtime.getRuntime().addShutdownHook(armed.hook);
  }

  /** Whether the command should stop. */
  static boolean requested() {
    return requested;
  }

  /** The command has ended, by itself or because it was asked to, and everything it had to say is out. */
  static synchronized void disarm() {
    if (armed != null) {
      armed.finished.countDown();
      if (!requested) {
        armed.removeHook();
      }
      armed = null;
    }
  }

  /** Waits for a command that keeps what it has finished. */
  static void awaitFinish() {
    Interruption present;
    synchronized (Interruption.class) {
      present = armed;
    }
    if (present != null) {
      present.await();
    }
  }

  private void removeHook() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The JVM began to go down this very moment, and the hook has nothing to wait for.
    }
  }

  private void onShutdown() {
    requested = finished.getCount() > 0;
    await();
  }

  private void await() {
    try {
      finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
