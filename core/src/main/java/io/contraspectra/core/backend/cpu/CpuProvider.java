package io.contraspectra.core.backend.cpu;

import io.contraspectra.bindings.load.Attempt;
import io.contraspectra.bindings.load.NativeUnavailableException;
import io.contraspectra.bindings.openblas.OpenBlas;
import io.contraspectra.bindings.openblas.OpenBlasControl;
import io.contraspectra.core.backend.Engine;
import io.contraspectra.core.backend.EngineProvider;
import io.contraspectra.core.backend.NativeReport;
import io.contraspectra.core.backend.Work;
import io.contraspectra.core.matrix.BackendUnavailable;
import java.util.List;

/** Offers the processors of this machine. */
public final class CpuProvider implements EngineProvider {

  // f64 products of a core with 256-bit vectors.
  private static final double FLOPS_A_THREAD = 2e10;

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public double seconds(Work work, int threads) {
    return work.flops() / (Math.max(1, threads) * FLOPS_A_THREAD);
  }

  @Override
  public String rule() {
    return "flops / (20 Gflop/s a thread)";
  }

  @Override
  public Engine open(int threads) {
    try {
      return new CpuEngine(threads, KernelSet.best());
    } catch (NativeUnavailableException e) {
      throw new BackendUnavailable("backend 'cpu' is unavailable: " + e.getMessage(), e);
    }
  }

  @Override
  public List<NativeReport> reports() {
    List<Attempt> attempts = OpenBlas.report();
    String details = attempts.stream().anyMatch(attempt -> attempt.outcome() == Attempt.Outcome.LOADED)
        ? OpenBlasControl.config() + ", kernel " + OpenBlasControl.coreName() + ", " + OpenBlasControl.threads()
            + " threads"
        : "";
    return List.of(new NativeReport("openblas", attempts, details));
  }
}
