package io.contraspectra.experiments.cli;

import io.contraspectra.bindings.process.ProcessExit;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Ends an interrupted process after some seconds, whatever native code is doing then. The JVM's own end waits for a
 * call of OpenBLAS that is under way, and to decompose a large matrix takes minutes. Commands that keep what they have
 * finished do so first, see {@link Interruption}.
 */
final class PromptExit {

  private static final Duration PATIENCE = Duration.ofSeconds(2);

  // The JVM names the thread that takes a signal after it, and nothing else tells which one it was.
  private static final Map<String, Integer> CODES = Map.of(
      "SIGHUP handler", 128 + 1, "SIGINT handler", ExitCodes.INTERRUPTED, "SIGTERM handler", 128 + 15);

  private PromptExit() {}

  /** From now on. */
  static void install() {
    Runtime.getRuntime().addShutdownHook(new Thread(PromptExit::onShutdown, "prompt-exit"));
  }

  private static void onShutdown() {
    code().ifPresent(code -> Thread.ofPlatform().daemon().name("prompt-exit-timer").start(() -> {
      Interruption.awaitFinish();
      try {
        Thread.sleep(PATIENCE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      ProcessExit.now(code);
    }));
  }

  private static Optional<Integer> code() {
    return Thread.getAllStackTraces().keySet().stream().map(thread -> CODES.get(thread.getName()))
        .filter(code -> code != null).findAny();
  }
}
