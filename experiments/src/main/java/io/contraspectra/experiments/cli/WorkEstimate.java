package io.contraspectra.experiments.cli;

import io.contraspectra.core.backend.Work;
import io.contraspectra.core.data.Npy;
import io.contraspectra.core.data.NetworkFile;
import io.contraspectra.core.matrix.ContraSpectraException;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.ntk.NtkPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * About how much a command will compute, known from the heads of its files before a backend is chosen to read them.
 * Factors are rough: {@code auto} compares devices that differ by ten and more. A file that cannot be understood makes
 * the work unknown; reading it says why.
 */
final class WorkEstimate {

  private static final double DENSE_EIGENPAIRS = 9;
  private static final double KRYLOV_PASSES = 10;
  private static final int KRYLOV_VECTORS = 100;
  private static final double TEXT_BYTES = 9;

  private WorkEstimate() {}

  /** A kernel of a network on samples, or its products with vectors. */
  static Work ntk(NtkKind kind, Path model, @Nullable Activation activation, Path rows, @Nullable Path cols,
      @Nullable Path vectors, DType dtype) {
    return known(() -> {
      var kernel = Kernel.of(kind, NetworkFile.architecture(model, activation), rows, cols);
      double result = vectors == null ? kernel.rows * kernel.cols : 2 * numbers(vectors);
      double products = vectors == null ? 0 : 2 * kernel.rows * numbers(vectors);
      return new Work(kernel.flops + products, (kernel.inputs + result) * dtype.bytes());
    });
  }

  /** Eigenpairs of a stored matrix: all of them, or some by a Krylov method. */
  static Work matrixSpectrum(Path matrix, boolean dense, DType dtype) {
    return known(() -> {
      double size = Math.sqrt(numbers(matrix));
      return new Work(eigenpairs(size, dense), 2 * size * size * dtype.bytes());
    });
  }

  /** Eigenpairs of the kernel of a network, which is formed once if all are wanted, else pass by pass. */
  static Work kernelSpectrum(
      NtkKind kind, Path model, @Nullable Activation activation, Path samples, boolean dense, DType dtype) {
    return known(() -> {
      var kernel = Kernel.of(kind, NetworkFile.architecture(model, activation), samples, null);
      double result = dense ? kernel.rows * kernel.rows : KRYLOV_VECTORS * kernel.rows;
      return new Work(kernel.flops * (dense ? 1 : KRYLOV_PASSES) + eigenpairs(kernel.rows, dense),
          (kernel.inputs + result) * dtype.bytes());
    });
  }

  /** Per-sample Jacobians, most of whose time is writing them. */
  static Work jacobian(Path model, @Nullable Activation activation, Path samples, DType dtype) {
    return known(() -> {
      Architecture architecture = NetworkFile.architecture(model, activation);
      double entries = numbers(samples) / architecture.inputs() * architecture.outputs() * architecture.parameters();
      return new Work(2 * entries, entries * dtype.bytes());
    });
  }

  /**
   * Training: forward and backward of the rows of every step, which come from the host.
   *
   * @param rows rows of a step, all blocks of the loss together
   */
  static Work training(double parameters, double inputs, double rows, double steps, DType dtype) {
    return new Work(6 * parameters * rows * steps, (2 * parameters + inputs * rows * steps) * dtype.bytes());
  }

  /** Embeddings: of a covariance matrix, or of pairs of samples. */
  static Work embedding(@Nullable Path samples, @Nullable Path gram, boolean pairs, int dims, DType dtype) {
    return known(() -> {
      if (gram != null) {
        return matrixSpectrum(gram, false, dtype);
      }
      if (samples == null) {
        return Work.UNKNOWN;
      }
      long[] shape = Npy.read(samples).shape();
      double n = shape[0];
      double d = shape.length > 1 ? shape[1] : 1;
      double flops = pairs ? 2 * n * n * (d + KRYLOV_VECTORS + dims) : 4 * n * d * d + eigenpairs(d, true);
      return new Work(flops, n * (d + dims) * dtype.bytes());
    });
  }

  /** Products and decompositions of two sets of samples, or of a square matrix with a frame. */
  static Work products(Path first, Path second, DType dtype) {
    return known(() -> {
      double[] columns = DoubleStream.of(columns(first), columns(second)).toArray();
      double numbers = numbers(first) + numbers(second);
      return new Work(4 * numbers * (columns[0] + columns[1]), numbers * dtype.bytes());
    });
  }

  /** Numbers in a file: by its head, or by its length where it has none. */
  static double numbers(Path file) {
    if (file.toString().endsWith(".npy")) {
      return Npy.read(file).size();
    }
    try {
      return Files.size(file) / (file.toString().contains("idx") ? 1 : TEXT_BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double columns(Path file) {
    long[] shape = Npy.read(file).shape();
    return shape.length > 1 ? shape[1] : 1;
  }

  private static double eigenpairs(double size, boolean dense) {
    return dense ? DENSE_EIGENPAIRS * size * size * size : 2 * size * size * KRYLOV_VECTORS;
  }

  private static Work known(Supplier<Work> estimate) {
    try {
      return estimate.get();
    } catch (ContraSpectraException | UncheckedIOException e) {
      return Work.UNKNOWN;
    }
  }

  /** A kernel's size, the flops to form it, and the numbers that it is formed from. */
  private record Kernel(double rows, double cols, double flops, double inputs) {

    static Kernel of(NtkKind kind, Architecture architecture, Path x, @Nullable Path y) {
      double n = numbers(x) / architecture.inputs();
      double m = y == null ? n : numbers(y) / architecture.inputs();
      double pairs = y == null ? n * (n + 1) / 2 : n * m;
      boolean full = kind == NtkKind.FULL;
      double perPair = full ? NtkPlan.fullFlopsPerPair(architecture) : NtkPlan.traceFlopsPerPair(architecture);
      double perSample = full ? architecture.outputs() : 1;
      return new Kernel(n * perSample, m * perSample, pairs * perPair + 2 * (n + m) * architecture.parameters(),
          (n + m) * architecture.inputs() + architecture.parameters());
    }
  }
}
