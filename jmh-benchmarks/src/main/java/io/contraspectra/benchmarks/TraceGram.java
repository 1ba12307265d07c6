package io.contraspectra.benchmarks;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.ntk.EmpiricalNtk;
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
 * The trace NTK Gram against a plain product of the same machine. Each invocation also runs one square gemm, and the
 * counter {@code fractionOfGemm} is the rate of the Gram, on the least flops known, as a fraction of the gemm's rate.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 2, jvmArgsAppend = {"-Xms1g", "-Xmx1g", "--add-modules=jdk.incubator.vector"})
public class TraceGram {

  @Param({"MEDIUM", "TRACE"})
  public NtkSize size;

  @Param({"RELU", "ERF"})
  public Activation activation;

  @Param({"F64", "F32"})
  public DType dtype;

  @Param("cpu")
  public String device;

  private Backend backend;
  private Network network;
  private Matrix inputs;
  private Matrix gram;
  private Gemm gemm;

  @Setup(Level.Trial)
  public void prepare() {
    backend = Backends.select(device);
    network = Network.gaussian(size.architecture(activation), backend, dtype, new Random(1));
    inputs = Gemm.gaussian(backend, dtype, size.samples(), network.architecture().inputs(), 2);
    gram = backend.zeros(dtype, size.samples(), size.samples());
    gemm = new Gemm(backend, dtype);
    checkAgainstOneSample();
  }

  @TearDown(Level.Trial)
  public void close() {
    gemm.close();
    gram.close();
    inputs.close();
    network.close();
    backend.close();
  }

  @Benchmark
  public Matrix gram(Rates rates) {
    rates.time(size.traceFlops(), () -> EmpiricalNtk.of(network).trace(inputs, gram), gemm);
    return gram;
  }

  /** The kernel of the first two samples alone must be the corner of the kernel of all. */
  private void checkAgainstOneSample() {
    EmpiricalNtk.of(network).trace(inputs, gram);
    try (Matrix corner = EmpiricalNtk.of(network).trace(inputs.rowRange(0, 2))) {
      double difference = backend.distance(corner, gram.block(0, 0, corner.rows(), corner.cols()));
      if (!(difference <= (dtype == DType.F64 ? 1e-12 : 1e-4) * backend.norm(corner))) {
        throw new AssertionError("the Gram of two samples differs from the corner of the Gram of all by " + difference);
      }
    }
  }
}
