package io.contraspectra.experiments.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C for commands that keep what they have finished. Once a command has armed this, an interrupt raises a flag and
 * holds the JVM up; the command sees the flag between two pieces of work, writes what it has and ends, and then the JVM
 * goes down with the signal's own exit code, 130.
 */
final class Interruption {

  private static final long PATIENCE_SECONDS = 60;
  private static final CountDownLatch FINISHED = new CountDownLatch(1);
  private static volatile boolean requested;

  private Interruption() {}

  /** From now on an interrupt waits for the command to finish. */
  static void arm() {
    Runtime.getRuntime().addShutdownHook(new Thread(Interruption::onShutdown, "interruption"));
  }

  /** Whether the command should stop. */
  static boolean requested() {
    return requested;
  }

  /** The command has ended, by itself or because it was asked to. */
  static void finished() {
    FINISHED.countDown();
  }

  // Runs at every end of the JVM; after a normal one there is nothing to wait for.
  private static void onShutdown() {
    requested = FINISHED.getCount() > 0;
    try {
      FINISHED.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
