package io.contraspectra.benchmarks;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.ntk.EmpiricalNtk;
import io.contraspectra.core.ntk.KernelForm;
import io.contraspectra.core.operator.SymmetricOperator;
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
 * Products of the trace NTK with a block of vectors, the kernel never stored, against a plain product of the same
 * machine. {@code fractionOfGemm} is on the flops that the form calls for: one triangle of the kernel and the products
 * where it is streamed, Khatri-Rao products where it is matrix-free.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 2, jvmArgsAppend = {"-Xms1g", "-Xmx1g", "--add-modules=jdk.incubator.vector"})
public class StreamedTrace {

  @Param({"MEDIUM", "TRACE"})
  public NtkSize size;

  @Param({"STREAMED", "MATRIX_FREE"})
  public KernelForm form;

  @Param({"4", "32"})
  public int vectors;

  @Param({"F64", "F32"})
  public DType dtype;

  private Backend backend;
  private Network network;
  private Matrix inputs;
  private Matrix block;
  private Matrix products;
  private SymmetricOperator operator;
  private Gemm gemm;

  @Setup(Level.Trial)
  public void prepare() {
    backend = Backends.cpu();
    network = Network.gaussian(size.architecture(Activation.RELU), backend, dtype, new Random(1));
    inputs = Gemm.gaussian(backend, dtype, size.samples(), network.architecture().inputs(), 2);
    operator = EmpiricalNtk.of(network).traceOperator(inputs, form);
    block = Gemm.gaussian(backend, dtype, vectors, size.samples(), 3);
    products = backend.zeros(dtype, vectors, size.samples());
    gemm = new Gemm(backend, dtype);
    checkOneRow();
  }

  @TearDown(Level.Trial)
  public void close() {
    gemm.close();
    products.close();
    block.close();
    operator.close();
    inputs.close();
    network.close();
    backend.close();
  }

  @Benchmark
  public Matrix apply(Rates rates) {
    rates.time(operator.flops(vectors), () -> operator.apply(block, products), gemm);
    return products;
  }

  /** The product with a unit vector must be a row of the kernel. */
  private void checkOneRow() {
    try (Matrix unit = backend.zeros(dtype, vectors, size.samples());
        Matrix row = EmpiricalNtk.of(network).traceCross(inputs.rowRange(0, 1), inputs)) {
      unit.set(0, 0, 1);
      operator.apply(unit, products);
      double difference = backend.distance(row, products.rowRange(0, 1));
      if (!(difference <= (dtype == DType.F64 ? 1e-12 : 1e-4) * backend.norm(row))) {
        throw new AssertionError("a product with a unit vector differs from the kernel's row by " + difference);
      }
    }
  }
}
