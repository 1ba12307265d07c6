package io.contraspectra.core.ntk;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import java.util.function.DoubleUnaryOperator;

/**
 * What training on the squared loss makes of a network whose NTK stays constant, in closed form through the kernel's
 * eigenbasis (Jacot, Gabriel, Hongler 2018; Lee et al. 2019): {@code f_t = y + left(Theta/N) (f_0 − y)} on the training
 * samples, and {@code f_t(x') = f_0(x') − (1/N) Theta(x', X) followed(Theta/N) (f_0 − y)} elsewhere, see
 * {@link KernelTraining}. One decomposition serves all times. Owns its matrices; close it.
 */
public final class NtkPrediction implements AutoCloseable {

  private final Backend backend;
  private final long samples;
  private final long outputs;
  private final EigenPairs pairs;
  private final Matrix targets;
  private final Matrix coefficients;

  private NtkPrediction(Backend backend, EigenPairs pairs, Matrix initial, Matrix targets) {
    this.backend = backend;
    this.samples = targets.rows();
    this.outputs = targets.cols();
    this.pairs = pairs;
    this.targets = backend.copyOf(targets, targets.dtype());
    try (Matrix errors = backend.copyOf(initial, initial.dtype()); Matrix rows = vectors(errors, targets)) {
      this.coefficients = backend.zeros(targets.dtype(), rows.rows(), pairs.vectors().rows());
      backend.gemm(NO, YES, 1, rows, pairs.vectors(), 0, coefficients);
    }
  }

  /**
   * For a kernel that is given.
   *
   * @param kernel NK x NK, row {@code n*K + k}; or N x N, one kernel for every output, such as that of infinite width
   * @param initial N x K, outputs at the start; zeros for the mean of infinitely wide networks
   * @param targets N x K
   */
  public static NtkPrediction of(Backend backend, Matrix kernel, Matrix initial, Matrix targets) {
    boolean shared = kernel.rows() == targets.rows();
    if (initial.rows() != targets.rows() || initial.cols() != targets.cols()
        || !shared && kernel.rows() != targets.size()) {
      throw new ShapeMismatch("kernel training: " + kernel.describe("the kernel") + ", " + initial.describe("the outputs")
          + " and " + targets.describe("the targets") + ": outputs and targets must be N x K, the kernel NK x NK or"
          + " N x N");
    }
    EigenPairs pairs = Eigensolver.full(backend, kernel);
    try {
      return new NtkPrediction(backend, pairs, initial, targets);
    } catch (RuntimeException | Error e) {
      pairs.close();
      throw e;
    }
  }

  /**
   * For a network at its present parameters, by its empirical kernel.
   *
   * @param x N x d
   * @param targets N x K
   */
  public static NtkPrediction of(Network network, Matrix x, Matrix targets) {
    try (Matrix kernel = EmpiricalNtk.of(network).full(x); Matrix initial = network.apply(x)) {
      return of(network.backend(), kernel, initial, targets);
    }
  }

  /** The outputs on the training samples, N x K; to be closed by the caller. */
  public Matrix outputs(KernelTraining training) {
    Matrix outputs = backend.copyOf(targets, targets.dtype());
    try (Matrix left = combined(training::left)) {
      addVectors(1, left, outputs);
      return outputs;
    } catch (RuntimeException | Error e) {
      outputs.close();
      throw e;
    }
  }

  /**
   * The outputs on other samples.
   *
   * @param cross N'K x NK or N' x N, the kernel between them and the training samples
   * @param initial N' x K, their outputs at the start
   * @return N' x K; to be closed by the caller
   */
  public Matrix outputs(KernelTraining training, Matrix cross, Matrix initial) {
    long perSample = shared() ? 1 : outputs;
    if (cross.cols() != pairs.vectors().cols() || cross.rows() != initial.rows() * perSample
        || initial.cols() != outputs) {
      throw new ShapeMismatch("kernel training: " + cross.describe("the cross kernel") + " and "
          + initial.describe("the outputs") + " must be " + (shared() ? "N' x " : "N'K x ") + pairs.vectors().cols()
          + " and N' x " + outputs);
    }
    Matrix result = backend.copyOf(initial, initial.dtype());
    try (Matrix followed = combined(training::followed);
        Matrix moved = backend.zeros(initial.dtype(), followed.rows(), cross.rows())) {
      backend.gemm(NO, YES, 1, followed, cross, 0, moved);
      addVectors(-1.0 / samples, moved, result);
      return result;
    } catch (RuntimeException | Error e) {
      result.close();
      throw e;
    }
  }

  /** The training loss {@code (1/2N) Σ_n ‖f(x_n) − y_n‖²}. */
  public double loss(KernelTraining training) {
    try (Matrix left = combined(training::left)) {
      return backend.dot(left, left) / (2 * samples);
    }
  }

  /** Eigenpairs of the kernel, largest first; not to be closed. */
  public EigenPairs pairs() {
    return pairs;
  }

  /** {@code (f_0 − y) g(Theta/N)} as rows: the coefficients in the eigenbasis, each times a function of its value. */
  private Matrix combined(DoubleUnaryOperator function) {
    double[] values = pairs.values().toArray();
    Matrix rows = backend.zeros(targets.dtype(), coefficients.rows(), pairs.vectors().cols());
    try (Matrix factors = backend.zeros(targets.dtype(), 1, values.length);
        Matrix scaled = backend.zeros(targets.dtype(), coefficients.rows(), values.length)) {
      for (int i = 0; i < values.length; i++) {
        values[i] = function.applyAsDouble(values[i] / samples);
      }
      factors.copyFrom(values);
      backend.multiplyRow(factors, coefficients, scaled);
      backend.gemm(NO, NO, 1, scaled, pairs.vectors(), 0, rows);
      return rows;
    } catch (RuntimeException | Error e) {
      rows.close();
      throw e;
    }
  }

  private boolean shared() {
    return pairs.vectors().cols() == samples;
  }

  /** {@code f − y} as the kernel's vectors: one of NK, or one of N for every output. */
  private Matrix vectors(Matrix errors, Matrix subtracted) {
    backend.add(-1, subtracted, 1, errors);
    Matrix rows = shared() ? backend.zeros(errors.dtype(), outputs, samples)
        : backend.zeros(errors.dtype(), 1, samples * outputs);
    if (shared()) {
      backend.transpose(errors, rows);
    } else {
      backend.copy(errors.reshape(1, errors.size()), rows);
    }
    return rows;
  }

  /** Adds the kernel's vectors to outputs of as many samples as they are of. */
  private void addVectors(double alpha, Matrix rows, Matrix target) {
    if (!shared()) {
      backend.add(alpha, rows.reshape(target.rows(), target.cols()), 1, target);
      return;
    }
    try (Matrix columns = backend.zeros(rows.dtype(), rows.cols(), rows.rows())) {
      backend.transpose(rows, columns);
      backend.add(alpha, columns, 1, target);
    }
  }

  @Override
  public void close() {
    pairs.close();
    targets.close();
    coefficients.close();
  }
}
