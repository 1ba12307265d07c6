package io.contraspectra.experiments.report;

/**
 * Where a report was made.
 *
 * @param version version of ContraSpectra
 * @param jdk vendor and version of the JVM
 * @param system operating system and architecture
 * @param cpu processor model
 * @param processors processors that this JVM may use
 * @param memoryBytes largest heap that this JVM may use
 * @param backend what did the arithmetic, for example {@code cpu (OpenBLAS 0.3.31 SkylakeX, 2 threads), f64}
 */
public record Environment(
    String version, String jdk, String system, String cpu, int processors, long memoryBytes, String backend) {
  /** This JVM and this machine. */
  public static Environment current(String version, String backend) {
    var runtime = Runtime.getRuntime();
    return new Environment(
        version,
        System.getProperty("java.vendor") + " " + Runtime.version(),
        System.getProperty("os.name") + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch"),
        Processor.model(),
        runtime.availableProcessors(),
        runtime.maxMemory(),
        backend);
  }
}
