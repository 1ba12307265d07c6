package io.contraspectra.core.backend.cuda;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.matrix.BackendUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the contract suite and the golden cases on this machine's own GPU, without Maven or network; exit code 0 if all
 * passed, 3 if there is no such device. With the argument {@code device} it only says which there is.
 */
public final class GpuCheck {

  private GpuCheck() {}

  public static void main(String[] arguments) throws IOException {
    System.setProperty(CudaEmulator.REAL_PROPERTY, "true");
    try (Backend backend = Backends.select("cuda")) {
      System.out.println(backend.describe());
    } catch (BackendUnavailable e) {
      System.err.println(e.getMessage());
      System.exit(3);
    }
    if (List.of(arguments).contains("device")) {
      return;
    }
    LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
        .selectors(DiscoverySelectors.selectPackage("io.contraspectra.core.backend"),
            DiscoverySelectors.selectPackage("io.contraspectra.core.golden"),
            DiscoverySelectors.selectPackage("io.contraspectra.core.ntk"))
        .configurationParameter("jqwik.database", Files.createTempDirectory("gpu-check").resolve("jqwik").toString())
        .build();
    var tally = new Tally();
    LauncherFactory.create().execute(request, tally);
    System.out.println(tally.passed + " passed, " + tally.aborted + " skipped, " + tally.failed + " failed");
    System.exit(tally.failed.get() == 0 && tally.passed.get() > 0 ? 0 : 1);
  }

  private static final class Tally implements TestExecutionListener {

    private final AtomicLong passed = new AtomicLong();
    private final AtomicLong aborted = new AtomicLong();
    private final AtomicLong failed = new AtomicLong();

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (result.getStatus() == Status.FAILED) {
        failed.incrementAndGet();
        System.out.println("FAILED " + test.getUniqueId() + " " + test.getDisplayName());
        result.getThrowable().ifPresent(thrown -> thrown.printStackTrace(System.out));
      } else if (test.isTest()) {
        (result.getStatus() == Status.SUCCESSFUL ? passed : aborted).incrementAndGet();
      }
    }
  }
}
