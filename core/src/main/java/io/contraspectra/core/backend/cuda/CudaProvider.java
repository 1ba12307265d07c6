package io.contraspectra.core.backend.cuda;

import io.contraspectra.bindings.cuda.CudaException;
import io.contraspectra.bindings.cuda.CudaLibrary;
import io.contraspectra.bindings.load.NativeUnavailableException;
import io.contraspectra.core.backend.Engine;
import io.contraspectra.core.backend.EngineProvider;
import io.contraspectra.core.backend.NativeReport;
import io.contraspectra.core.backend.Work;
import io.contraspectra.core.matrix.BackendUnavailable;
import io.contraspectra.core.matrix.ContraSpectraException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Offers the NVIDIA GPU of this machine. */
public final class CudaProvider implements EngineProvider {

  // Context, libraries and kernels; pinned copies over PCIe; f64 products of a small data-centre device.
  private static final double START_SECONDS = 1;
  private static final double BYTES_A_SECOND = 1e10;
  private static final double FLOPS = 2e12;

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public double seconds(Work work, int threads) {
    return START_SECONDS + work.bytes() / BYTES_A_SECOND + work.flops() / FLOPS;
  }

  @Override
  public String rule() {
    return "1 s + bytes / (10 GB/s) + flops / (2 Tflop/s)";
  }

  @Override
  public Engine open(int threads) {
    try {
      return new CudaEngine(threads);
    } catch (NativeUnavailableException | CudaException e) {
      throw new BackendUnavailable("backend 'cuda' is unavailable: " + e.getMessage(), e);
    }
  }

  @Override
  public List<NativeReport> reports() {
    return Arrays.stream(CudaLibrary.values()).map(CudaProvider::report).toList();
  }

  private static NativeReport report(CudaLibrary library) {
    String version = library.isLoaded() ? "CUDA " + library.version() : "";
    return new NativeReport(library.title().toLowerCase(Locale.ROOT).replace(' ', '-'), library.attempts(),
        library == CudaLibrary.DRIVER && library.isLoaded() ? version + ", " + device() : version);
  }

  private static String device() {
    try (Device device = Device.open()) {
      return device.describe();
    } catch (ContraSpectraException | CudaException | NativeUnavailableException e) {
      return e.getMessage();
    }
  }
}
