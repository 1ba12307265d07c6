package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.BackendUnavailable;
import io.contraspectra.core.matrix.InvalidArgument;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * Where backends come from. Each call opens a new backend, which the caller must close. A backend asked for by name is
 * opened or refused with the reason; there is no silent fall-back.
 */
public final class Backends {

  /** System property that {@code auto} obeys: {@code cpu} or {@code cuda}. */
  public static final String PROPERTY = "contraspectra.backend";

  /** System property that holds the most bytes to take from a device's memory; all of them if unset. */
  public static final String DEVICE_MEMORY_PROPERTY = "contraspectra.cuda.memory";

  /**
   * System property that says how a device rounds the factors of f32 products: {@code exact} (the default) or
   * {@code tf32}, which keeps 10 bits of them and is several times faster.
   */
  public static final String DEVICE_MATH_PROPERTY = "contraspectra.cuda.math";

  private static final String AUTO = "auto";
  private static final List<String> KNOWN = List.of(AUTO, "cpu", "cuda");
  private static final Logger LOG = System.getLogger(Backends.class.getName());
  private static final AtomicBoolean LOGGED = new AtomicBoolean();

  private Backends() {}

  /**
   * The backend of a name.
   *
   * @param name {@code auto}, {@code cpu} or {@code cuda}; {@code auto} takes what the property {@value #PROPERTY}
   *     names, or else the processors, and logs its choice once
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
    return select(name, threads, Work.UNKNOWN);
  }

  /**
   * The backend of a name, with a given number of threads where it computes on processors. Here {@code auto} takes the
   * backend that should be done first, by {@link EngineProvider#seconds}: a device from about a second of the
   * processors' time on, if there is one.
   *
   * @param name as in {@link #select(String)}
   * @param threads threads that work at once for one caller, at least 1
   * @param work what the backend is for
   * @throws BackendUnavailable if the backend cannot run here; the message says why
   * @throws InvalidArgument if there is no such name, or the number of threads is not positive
   */
  public static Backend select(String name, int threads, Work work) {
    if (!name.equals(AUTO)) {
      return named(name, threads);
    }
    String wanted = System.getProperty(PROPERTY, AUTO);
    return wanted.equals(AUTO)
        ? best(threads, work) : logged(named(wanted, threads), "system property " + PROPERTY + " is '" + wanted + "'");
  }

  /** The processors of this machine, as many as the JVM may use. */
  public static Backend cpu() {
    return select("cpu");
  }

  /**
   * The processors of this machine.
   *
   * @param threads threads that work at once for one caller, at least 1
   * @throws BackendUnavailable if OpenBLAS cannot be loaded; the message lists what was tried
   */
  public static Backend cpu(int threads) {
    return select("cpu", threads);
  }

  /** What was tried to load each native library, and what was found; loads them if that has not happened yet. */
  public static List<NativeReport> nativeReports() {
    return providers().stream().flatMap(provider -> provider.reports().stream()).toList();
  }

  private static Backend named(String name, int threads) {
    List<EngineProvider> providers = providers();
    for (EngineProvider provider : providers) {
      if (provider.name().equals(name)) {
        return new Backend(provider.open(threads));
      }
    }
    if (KNOWN.contains(name)) {
      throw new BackendUnavailable("backend '" + name + "' is unavailable: this build has no " + name + " engine;"
          + " ask for " + providers.stream().map(EngineProvider::name).collect(Collectors.joining(" or "))
          + " or " + AUTO);
    }
    throw InvalidArgument.unknown("backend", name, KNOWN);
  }

  private static Backend best(int threads, Work work) {
    var refusals = new ArrayList<String>();
    List<EngineProvider> providers = providers();
    providers.sort(Comparator.comparingDouble(provider -> provider.seconds(work, threads)));
    for (EngineProvider provider : providers) {
      try {
        return logged(new Backend(provider.open(threads)),
            refusals.isEmpty() ? reason(providers, work, threads) : summary(refusals));
      } catch (BackendUnavailable e) {
        refusals.add(e.getMessage());
      }
    }
    throw new BackendUnavailable(String.join(System.lineSeparator(), refusals));
  }

  /** The rule by which {@code auto} chooses, in words. */
  public static String rule() {
    return "the smallest estimate of " + providers().stream()
        .map(provider -> provider.name() + ": " + provider.rule()).collect(Collectors.joining(", "))
        + "; work of unknown size stays on the processors";
  }

  /** The estimates that {@code auto} compares, e.g. {@code estimated cpu 41 s, cuda 2.3 s}. */
  public static String estimates(Work work, int threads) {
    return reason(providers(), work, threads);
  }

  private static String reason(List<EngineProvider> providers, Work work, int threads) {
    return work.equals(Work.UNKNOWN) ? "work of unknown size" : "estimated " + providers.stream()
        .map(provider -> "%s %.2g s".formatted(provider.name(), provider.seconds(work, threads)))
        .collect(Collectors.joining(", "));
  }

  // Of a long list of what was tried, the beginning; 'info' has it all.
  private static String summary(List<String> refusals) {
    return refusals.stream().map(text -> text.lines().findFirst().orElse("")).collect(Collectors.joining("; "));
  }

  /** The engines of this build, by name. */
  private static List<EngineProvider> providers() {
    return ServiceLoader.load(EngineProvider.class, Backends.class.getClassLoader()).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparing(EngineProvider::name))
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static Backend logged(Backend backend, String reason) {
    if (LOGGED.compareAndSet(false, true)) {
      LOG.log(Level.INFO, "backend {0} ({1})", backend.describe(), reason);
    }
    return backend;
  }
}
