package io.contraspectra.benchmarks;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.ntk.EmpiricalNtk;
import io.contraspectra.core.operator.EigenOptions;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import io.contraspectra.core.operator.Operators;
import io.contraspectra.core.operator.SymmetricOperator;
import java.util.List;
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
 * Leading eigenpairs of 8000 x 8000 problems: of a stored Gaussian kernel matrix (residual 1e-8), its checks included,
 * and of the trace NTK of a network with one output that is never stored (residual 1e-6), in double precision alone and
 * with the search in single precision.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
@Fork(value = 1, jvmArgsAppend = {"-Xms2g", "-Xmx2g", "--add-modules=jdk.incubator.vector"})
public class LeadingSpectrum {

  private static final int N = 8000;
  private static final int NETWORK_INPUTS = 64;
  private static final int WIDTH = 1024;

  /** What is decomposed. */
  public enum Problem {
    STORED_10(10, 1e-8), STORED_32(32, 1e-8), NTK_10(10, 1e-6), NTK_10_MIXED(10, 1e-6);

    private final int count;
    private final double tolerance;

    Problem(int count, double tolerance) {
      this.count = count;
      this.tolerance = tolerance;
    }
  }

  @Param({"STORED_10", "STORED_32", "NTK_10", "NTK_10_MIXED"})
  public Problem problem;

  private Backend backend;
  private Matrix kernel;
  private Network network;
  private Matrix inputs;

  @Setup(Level.Trial)
  public void prepare() {
    backend = Backends.cpu();
    kernel = problem.tolerance > 1e-7 ? backend.zeros(DType.F64, 0, 0) : gaussianKernel();
    network = network();
    inputs = backend.matrix(N, NETWORK_INPUTS, PeerNumbers.uniform(1, N * NETWORK_INPUTS, Math.sqrt(3)));
  }

  @TearDown(Level.Trial)
  public void close() {
    inputs.close();
    network.close();
    kernel.close();
    backend.close();
  }

  @Benchmark
  public double leading() {
    double tolerance = problem.tolerance;
    try (EigenPairs pairs = pairs(EigenOptions.DEFAULTS.withTolerance(tolerance))) {
      if (!(pairs.worstResidual() <= tolerance)) {
        throw new AssertionError("residual " + pairs.worstResidual());
      }
      return pairs.values().get(0, 0);
    }
  }

  private EigenPairs pairs(EigenOptions options) {
    return switch (problem) {
      case STORED_10, STORED_32 -> {
        try (SymmetricOperator operator = Operators.explicit(backend, kernel)) {
          yield Eigensolver.largest(operator, problem.count, options);
        }
      }
      case NTK_10 -> {
        try (SymmetricOperator operator = ntk(network, inputs)) {
          yield Eigensolver.largest(operator, problem.count, options);
        }
      }
      case NTK_10_MIXED -> mixed(options);
    };
  }

  private SymmetricOperator ntk(Network net, Matrix x) {
    EmpiricalNtk ntk = EmpiricalNtk.of(net);
    return ntk.traceSpectrumPlan(N, problem.count, 0, false).traceOperator(ntk, x);
  }

  /** Found in single precision, then refined, and its residuals measured, in double. */
  private EigenPairs mixed(EigenOptions options) {
    try (Network single = Network.zeros(network.architecture(), backend, DType.F32);
        Matrix x = backend.copyOf(inputs, DType.F32)) {
      backend.copy(network.parameters().flat(), single.parameters().flat());
      try (SymmetricOperator coarse = ntk(single, x); SymmetricOperator fine = ntk(network, inputs);
          EigenPairs found = Eigensolver.largest(coarse, problem.count, options)) {
        return Eigensolver.refined(fine, found, options);
      }
    }
  }

  /** {@code exp(−|y_i − y_j|² / 2s)} of points whose 32 coordinates have variances that fall as 1/j. */
  private Matrix gaussianKernel() {
    int d = 32;
    double[] points = PeerNumbers.uniform(22, N * d, Math.sqrt(3));
    double s = 0;
    for (int j = 0; j < d; j++) {
      s += 1.0 / (1 + j);
      for (int i = 0; i < N; i++) {
        points[i * d + j] /= Math.sqrt(1.0 + j);
      }
    }
    Matrix matrix = backend.zeros(DType.F64, N, N);
    try (Matrix y = backend.matrix(N, d, points)) {
      backend.syrk(Triangle.LOWER, Transpose.NO, 1 / s, y, 0, matrix);
    }
    backend.mirror(Triangle.LOWER, matrix);
    var squares = new double[N];
    for (int i = 0; i < N; i++) {
      squares[i] = matrix.get(i, i);
    }
    for (int i = 0; i < N; i++) {
      double[] row = matrix.rowRange(i, 1).toArray();
      for (int j = 0; j < N; j++) {
        row[j] = i == j ? 1 : Math.exp(Math.min(0, row[j] - 0.5 * (squares[i] + squares[j])));
      }
      matrix.rowRange(i, 1).copyFrom(row);
    }
    return matrix;
  }

  /** Standard parametrisation, biases included. */
  private Network network() {
    var architecture = new Architecture(
        List.of(NETWORK_INPUTS, WIDTH, 1), Activation.RELU, List.of(1.0, 1.0), true, 1);
    Network net = Network.zeros(architecture, backend, DType.F64);
    net.parameters().weight(1).copyFrom(
        PeerNumbers.uniform(101, WIDTH * NETWORK_INPUTS, Math.sqrt(3) * Math.sqrt(2.0 / NETWORK_INPUTS)));
    net.parameters().weight(2).copyFrom(PeerNumbers.uniform(102, WIDTH, Math.sqrt(3) * Math.sqrt(1.0 / WIDTH)));
    net.parameters().bias(1).copyFrom(PeerNumbers.uniform(201, WIDTH, 0.1));
    net.parameters().bias(2).copyFrom(PeerNumbers.uniform(202, 1, 0.1));
    return net;
  }
}
