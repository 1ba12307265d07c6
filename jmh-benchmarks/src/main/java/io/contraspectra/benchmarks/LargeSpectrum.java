package io.contraspectra.benchmarks;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.backend.Progress;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.ntk.EmpiricalNtk;
import io.contraspectra.core.operator.EigenOptions;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import io.contraspectra.core.operator.SymmetricOperator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/**
 * The 32 leading eigenpairs of a trace NTK that no machine here can store: a two-layer ReLU network in f32 on inputs
 * whose directions matter as a power law, {@code unit(R diag(a^(-1/2)) g)} with a random rotation R and g normal. A
 * start from some rows of the kernel, then two passes over it; each pass is timed against a square sgemm run right
 * after it. Arguments: samples, inputs, width, outputs, landmarks, GiB of budget.
 */
public final class LargeSpectrum {

  private static final int PAIRS = 32;
  private static final int GATED = 10;

  private LargeSpectrum() {}

  /** Runs and prints. */
  public static void main(String[] args) throws IOException {
    int[] size = {60_000, 784, 4096, 10, 2000, 2};
    for (int i = 0; i < args.length; i++) {
      size[i] = Integer.parseInt(args[i]);
    }
    try (Backend backend = Backends.cpu(); Matrix x = inputs(backend, size[0], size[1]);
        Network network = Network.gaussian(
            Architecture.ntk(Activation.RELU, size[1], size[2], size[3]), backend, DType.F32, new Random(1));
        Gemm gemm = new Gemm(backend, DType.F32)) {
      say("%s%nN %d, d %d, M %d, K %d, %d landmarks%n", backend.describe(), size[0], size[1], size[2], size[3], size[4]);
      EmpiricalNtk ntk = EmpiricalNtk.of(network).withBudget((long) size[5] << 30).withProgress(new Percent());
      double flops = (double) size[0] * size[0] * (2.0 * size[2] + size[1]);
      try (SymmetricOperator kernel = new Timed(ntk.traceOperator(x), flops, gemm);
          EigenPairs pairs = Eigensolver.randomized(kernel, Math.min(PAIRS, size[0]),
              EigenOptions.DEFAULTS.withPasses(2).withLandmarks(size[4]))) {
        report(pairs);
      }
    }
    Files.readAllLines(Path.of("/proc/self/status")).stream().filter(line -> line.startsWith("VmHWM"))
        .forEach(line -> say("%s%n", line));
  }

  /** {@code ‖Av − λv‖ / λ}, from residuals over the norm. */
  private static void report(EigenPairs pairs) {
    double[] values = pairs.values().toArray();
    double[] residuals = pairs.residuals().toArray();
    double worst = 0;
    for (int i = 0; i < values.length; i++) {
      double relative = residuals[i] * values[0] / values[i];
      worst = i < GATED ? Math.max(worst, relative) : worst;
      say("%2d  value %.6g  residual over value %.2e%n", i + 1, values[i], relative);
    }
    say("worst of the first %d: %.2e (goal 2e-2)%n", GATED, worst);
  }

  private static Matrix inputs(Backend backend, int samples, int d) {
    var random = new Random(7);
    Matrix x = backend.zeros(DType.F32, samples, d);
    try (Matrix rotation = Gemm.gaussian(backend, DType.F64, d, d, 8); Matrix r = backend.zeros(DType.F64, d, d);
        Matrix g = backend.zeros(DType.F64, 1, d); Matrix row = backend.zeros(DType.F64, 1, d)) {
      backend.qr(rotation, r);
      for (int n = 0; n < samples; n++) {
        var direction = new double[d];
        for (int a = 0; a < d; a++) {
          direction[a] = random.nextGaussian() / Math.sqrt(1.0 + a);
        }
        g.copyFrom(direction);
        backend.gemm(Transpose.NO, Transpose.YES,
            1 / backend.norm(g), g, rotation, 0, row);
        backend.copy(row, x.rowRange(n, 1));
      }
    }
    return x;
  }

  private static void say(String format, Object... arguments) {
    System.out.printf(Locale.ROOT, format, arguments);
    System.out.flush();
  }

  /** Prints whole percents of every product. */
  private static final class Percent implements Progress {
    private long shown = -1;
    private final long start = System.nanoTime();

    @Override
    public void advanced(double done, double total) {
      long percent = (long) (100 * done / total);
      if (percent != shown) {
        shown = percent;
        System.err.printf(Locale.ROOT, "\r%3d %% of this product, %.0f s in all ", percent,
            (System.nanoTime() - start) * 1e-9);
      }
    }
  }

  /** An operator whose applications are timed. */
  private record Timed(SymmetricOperator operator, double flops, Gemm gemm) implements SymmetricOperator {

    @Override
    public Backend backend() {
      return operator.backend();
    }

    @Override
    public DType dtype() {
      return operator.dtype();
    }

    @Override
    public long size() {
      return operator.size();
    }

    @Override
    public void apply(Matrix x, Matrix y) {
      long start = System.nanoTime();
      operator.apply(x, y);
      double seconds = (System.nanoTime() - start) * 1e-9;
      double fraction = flops / seconds / sgemmRate();
      say("%npass with %d vectors: %.1f s, %.2f of sgemm on N²(2M+d) flops%n", x.rows(), seconds, fraction);
    }

    private double sgemmRate() {
      double best = 0;
      for (int run = 0; run < 5; run++) {
        long start = System.nanoTime();
        gemm.run();
        best = Math.max(best, gemm.flops() / ((System.nanoTime() - start) * 1e-9));
      }
      return best;
    }

    @Override
    public void rows(int[] indices, Matrix c) {
      long start = System.nanoTime();
      operator.rows(indices, c);
      say("%n%d rows: %.1f s%n", indices.length, (System.nanoTime() - start) * 1e-9);
    }

    @Override
    public double flops(long vectors) {
      return operator.flops(vectors);
    }

    @Override
    public void close() {
      operator.close();
    }
  }
}
