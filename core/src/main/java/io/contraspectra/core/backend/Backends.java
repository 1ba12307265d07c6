package io.contraspectra.core.backend;

import io.contraspectra.bindings.load.NativeUnavailableException;
import io.contraspectra.bindings.openblas.OpenBlas;
import io.contraspectra.bindings.openblas.OpenBlasControl;
import io.contraspectra.core.backend.cpu.CpuEngine;
import io.contraspectra.core.backend.cpu.KernelSet;
import io.contraspectra.core.matrix.BackendUnavailable;
import io.contraspectra.core.matrix.InvalidArgument;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where backends come from. Each call opens a new backend, which the caller must close. A backend asked for by name is
 * opened or refused with the reason; there is no silent fall-back.
 */
public final class Backends {

  /** System property that {@code auto} obeys: {@code cpu} or {@code cuda}. */
  public static final String PROPERTY = "contraspectra.backend";

  private static final String AUTO = "auto";
  private static final Logger LOG = System.getLogger(Backends.class.getName());
  private static final AtomicBoolean LOGGED = new AtomicBoolean();

  private Backends() {}

  /**
   * The backend of a name.
   *
   * @param name {@code auto}, {@code cpu} or {@code cuda}; {@code auto} takes what the property {@value #PROPERTY} names,
   *     or else the best there is, and logs its choice once
   * @throws BackendUnavailable if the backend cannot run here; the message says why
   * @throws InvalidArgument if there is no such name
   */
  public static Backend select(String name) {
    return select(name, Runtime.getRuntime().availableProcessors());
  }

  /**
   * The backend of a name, with a given number of threads where it computes on processors.
   *
   * @param name as in {@link #select(String)}
   * @param threads threads that work at once for one caller, at least 1
   * @throws BackendUnavailable if the backend cannot run here; the message says why
   * @throws InvalidArgument if there is no such name, or the number of threads is not positive
   */
  public static Backend select(String name, int threads) {
    if (!name.equals(AUTO)) {
      return named(name, threads);
    }
    String wanted = System.getProperty(PROPERTY, AUTO);
    if (!wanted.equals(AUTO)) {
      return logged(named(wanted, threads), "system property " + PROPERTY + " is '" + wanted + "'");
    }
    return logged(cpu(threads), "no other backend in this build");
  }

  /** The processors of this machine, as many as the JVM may use. */
  public static Backend cpu() {
    return cpu(Runtime.getRuntime().availableProcessors());
  }

  /**
   * The processors of this machine.
   *
   * @param threads threads that work at once for one caller, at least 1
   * @throws BackendUnavailable if OpenBLAS cannot be loaded; the message lists what was tried
   */
  public static Backend cpu(int threads) {
    try {
      return new Backend(new CpuEngine(threads, KernelSet.best()));
    } catch (NativeUnavailableException e) {
      throw new BackendUnavailable("backend 'cpu' is unavailable: " + e.getMessage(), e);
    }
  }

  /** What was tried to load each native library, and what was found; loads them if that has not happened yet. */
  public static List<NativeReport> nativeReports() {
    boolean loaded = OpenBlas.load().isLoaded();
    String details = loaded
        ? OpenBlasControl.config() + ", kernel " + OpenBlasControl.coreName() + ", " + OpenBlasControl.threads() + " threads"
        : "";
    return List.of(new NativeReport("openblas", OpenBlas.report(), details));
  }

  private static Backend named(String name, int threads) {
    return switch (name) {
      case "cpu" -> cpu(threads);
      case "cuda" -> throw new BackendUnavailable("backend 'cuda' is unavailable: this build has no CUDA engine; ask for"
          + " 'cpu' or 'auto'");
      default -> throw new InvalidArgument("no backend is named '" + name + "'; the names are auto, cpu and cuda");
    };
  }

  private static Backend logged(Backend backend, String reason) {
    if (LOGGED.compareAndSet(false, true)) {
      LOG.log(Level.INFO, "backend {0} ({1})", backend.describe(), reason);
    }
    return backend;
  }
}
