package io.contraspectra.core.matrix;

import java.time.Duration;
import java.time.Instant;

/** Forgets to close a block, and then keeps the collector busy until somebody has seen the report or lost patience. */
final class LeakingProgram {

  private LeakingProgram() {}

  public static void main(String[] arguments) throws InterruptedException {
    forgetToClose();
    Instant end = Instant.now().plus(Duration.ofSeconds(20));
    while (Instant.now().isBefore(end)) {
      System.gc();
      Thread.sleep(20);
    }
  }

  private static void forgetToClose() {
    HostMemory.allocate(4711);
  }
}
