package io.contraspectra.benchmarks;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.mixture.ContrastiveFit;
import io.contraspectra.core.mixture.GaussianMixture;
import io.contraspectra.core.mixture.MixturePairs;
import io.contraspectra.core.mixture.MixtureSubspaces;
import io.contraspectra.core.mixture.PairInfoNce;
import io.contraspectra.core.random.RandomStreams;
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
 * A whole fit of batch InfoNCE by L-BFGS, centring and whitening included, on pairs from the triangle pancakes of
 * gmm.md 6: three means at radius 2.5, noise of variance 25 in the other directions.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 2, jvmArgsAppend = {"-Xms1g", "-Xmx1g", "--add-modules=jdk.incubator.vector"})
public class PairFit {

  private static final double RADIUS = 2.5;
  private static final double NOISE = 25;
  private static final double GRADIENT = 1e-6;

  @Param("1000")
  public int pairs;

  @Param("10")
  public int dimension;

  private Backend backend;
  private GaussianMixture mixture;
  private MixturePairs sample;

  @Setup(Level.Trial)
  public void prepare() {
    backend = Backends.cpu();
    mixture = pancakes();
    sample = mixture.pairs(pairs, 1, RandomStreams.of(1).named("pairs"));
    checkAgainstTheFisherSubspace();
  }

  private GaussianMixture pancakes() {
    try (Matrix means = backend.zeros(DType.F64, 3, dimension);
        Matrix covariance = backend.zeros(DType.F64, dimension, dimension)) {
      for (int k = 0; k < 3; k++) {
        means.set(k, 0, RADIUS * Math.cos(2 * Math.PI * k / 3));
        means.set(k, 1, RADIUS * Math.sin(2 * Math.PI * k / 3));
      }
      backend.shiftDiagonal(NOISE, covariance);
      backend.shiftDiagonal(1 - NOISE, covariance.block(0, 0, 2, 2));
      return GaussianMixture.shared(backend, new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}, means, covariance);
    }
  }

  /** The fit converges, and to the subspace that theory names. */
  private void checkAgainstTheFisherSubspace() {
    try (ContrastiveFit fit = fit();
        Matrix fisher = MixtureSubspaces.fisher(mixture);
        Matrix columns = backend.zeros(DType.F64, dimension, 2)) {
      backend.transpose(fit.a(), columns);
      double sine = Subspaces.compare(backend, fisher, columns).spectral();
      double misfit = stationarity(fit);
      if (!(fit.result().converged() && sine <= 3 / Math.sqrt(pairs) && misfit <= 1e-4)) {
        throw new AssertionError("no Fisher subspace: sine " + sine + ", gradient " + misfit + ", " + fit.result());
      }
      System.out.println("# " + fit.result());
    }
  }

  /** The gradient at the fit on the centred data as given, relative to A's size. */
  private double stationarity(ContrastiveFit fit) {
    try (Matrix mean = backend.zeros(DType.F64, 1, dimension);
        Matrix x = backend.copyOf(sample.x(), DType.F64);
        Matrix positives = backend.copyOf(sample.positives(), DType.F64);
        Matrix gradient = backend.zeros(DType.F64, 2, dimension);
        Matrix whole = backend.zeros(DType.F64, dimension, dimension)) {
      backend.columnSums(0.5 / pairs, x, 0, mean);
      backend.columnSums(0.5 / pairs, positives, 1, mean);
      backend.addRow(-1, mean, x);
      backend.addRow(-1, mean, positives);
      try (var loss = new PairInfoNce(backend, x, positives, 2)) {
        loss.evaluate(fit.a(), gradient);
      }
      backend.gemm(Transpose.YES, Transpose.NO, 1, fit.a(), gradient, 0, whole);
      return backend.norm(whole);
    }
  }

  @Benchmark
  public double infoNce() {
    try (ContrastiveFit fit = fit()) {
      return fit.result().value();
    }
  }

  private ContrastiveFit fit() {
    return PairInfoNce.fit(backend, sample.x(), sample.positives(), 2, GRADIENT);
  }

  @TearDown(Level.Trial)
  public void close() {
    sample.close();
    mixture.close();
    backend.close();
  }
}
