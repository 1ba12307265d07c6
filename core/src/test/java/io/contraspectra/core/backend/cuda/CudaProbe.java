package io.contraspectra.core.backend.cuda;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.backend.NativeReport;
import io.contraspectra.core.matrix.BackendUnavailable;

/** Run in a JVM of its own: opens the CUDA backend and says what it is, or why there is none. */
public final class CudaProbe {

  private CudaProbe() {}

  public static void main(String[] arguments) {
    try (Backend backend = Backends.select("cuda"); var x = backend.matrix(2, 2, 1, 2, 3, 4)) {
      System.out.println("norm " + backend.norm(x) + " on " + backend.describe());
    } catch (BackendUnavailable e) {
      System.out.println(e.getMessage());
    }
    for (NativeReport report : Backends.nativeReports()) {
      System.out.println("report " + report.library() + ": " + report.details() + " from "
          + report.attempts().getLast().source());
    }
  }
}
