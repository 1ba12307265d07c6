package io.contraspectra.experiments.cli;

import io.contraspectra.bindings.process.ProcessExit;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Ends an interrupted process, whatever native code is doing then. The JVM's own end waits for the call of OpenBLAS that
 * is under way, at times for ever, and to decompose a large matrix takes minutes. Commands that keep what they have
 * finished do so first, see {@link Interruption}.
 */
final class PromptExit {

  // For what else waits for the end, such as a recording of the JVM.
  private static final Duration GRACE = Duration.ofMillis(500);

  // The JVM names the thread that takes a signal after it, and nothing else tells which one it was.
  private static final Map<String, Integer> CODES = Map.of(
      "SIGHUP handler", 128 + 1, "SIGINT handler", ExitCodes.INTERRUPTED, "SIGTERM handler", 128 + 15);

  private PromptExit() {}

  /** From now on. */
  static void install() {
    Runtime.getRuntime().addShutdownHook(new Thread(PromptExit::onShutdown, "prompt-exit"));
  }

  // Here and not on a thread of its own: when the last hook ends, no thread of the JVM goes on.
  private static void onShutdown() {
    code().ifPresent(code -> {
      Interruption.awaitFinish();
      try {
        Thread.sleep(GRACE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      ProcessExit.now(code);
    });
  }

  private static Optional<Integer> code() {
    return Thread.getAllStackTraces().keySet().stream().map(thread -> CODES.get(thread.getName()))
        .filter(Objects::nonNull).findAny();
  }
}
