package io.contraspectra.benchmarks;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.jacobian.Jacobian;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The per-sample Jacobian against a fill of the same buffer: it is limited by memory, and {@code fractionOfFill} says
 * how closely. The pass forward is included.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 2, jvmArgsAppend = {"-Xms1g", "-Xmx1g", "--add-modules=jdk.incubator.vector"})
public class BatchedJacobian {

  /** Samples and widths. */
  public enum Batch {
    SMALL(128, 64, 512, 4),
    MEDIUM(16, 784, 2048, 10);

    private final int samples;
    private final int[] widths;

    Batch(int samples, int... widths) {
      this.samples = samples;
      this.widths = widths;
    }
  }

  @Param({"SMALL", "MEDIUM"})
  public Batch size;

  @Param({"F64", "F32"})
  public DType dtype;

  private Backend backend;
  private Network network;
  private Matrix inputs;
  private Matrix rows;

  @Setup(Level.Trial)
  public void prepare() {
    backend = Backends.cpu();
    Architecture architecture = Architecture.ntk(Activation.RELU, size.widths);
    network = Network.gaussian(architecture, backend, dtype, new Random(1));
    inputs = Gemm.gaussian(backend, dtype, size.samples, architecture.inputs(), 2);
    rows = backend.zeros(dtype, (long) size.samples * architecture.outputs(), architecture.parameters());
    checkProduct();
  }

  @TearDown(Level.Trial)
  public void close() {
    rows.close();
    inputs.close();
    network.close();
    backend.close();
  }

  @Benchmark
  public Matrix jacobian(FillRates rates) {
    rates.time(this::write, () -> backend.fill(1, rows));
    return rows;
  }

  private void write() {
    try (var jacobian = new Jacobian(network, inputs)) {
      jacobian.into(rows);
    }
  }

  /** Euler: the readout enters the outputs linearly, so its part of a row times its weights is the output itself. */
  private void checkProduct() {
    write();
    Architecture architecture = network.architecture();
    long offset = architecture.weightOffset(architecture.layers());
    Matrix readout = network.parameters().flat().block(0, offset, 1, rows.cols() - offset);
    try (Matrix outputs = network.apply(inputs)) {
      for (long k = 0; k < architecture.outputs(); k++) {
        double product = backend.dot(rows.block(k, offset, 1, rows.cols() - offset), readout);
        if (!(Math.abs(product - outputs.get(0, k)) <= (dtype == DType.F64 ? 1e-12 : 1e-4))) {
          throw new AssertionError("row " + k + " times the readout is " + product + ", the output "
              + outputs.get(0, k));
        }
      }
    }
  }
}
