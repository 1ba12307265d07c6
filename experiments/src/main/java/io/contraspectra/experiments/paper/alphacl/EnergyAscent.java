package io.contraspectra.experiments.paper.alphacl;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.Samplers;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import io.contraspectra.core.optimize.Optimizers;
import io.contraspectra.core.random.RandomStreams;
import io.contraspectra.core.training.Constraints;
import io.contraspectra.core.training.Descent;
import io.contraspectra.core.training.NormConstraint;
import io.contraspectra.core.training.QuadraticEnergy;
import io.contraspectra.core.training.Towers;
import io.contraspectra.core.training.Trainer;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * The max player at a fixed importance: projected ascent of {@code tr(W X Wᵀ)/2} by a network without biases, X the
 * contrastive covariance of inputs that are multiples of unit vectors, or of any inputs if the network is linear
 * (alphacl.md 6, 7). Close it.
 */
final class EnergyAscent implements AutoCloseable {

  private static final int CHECK_EVERY = 100;
  /** Parameters that move less than this between two checks stay where they are. */
  private static final double SETTLED = 1e-13;

  private final Backend backend;
  private final Matrix unit;
  private final Network network;
  private final Towers towers;
  private final Trainer trainer;
  private final double largest;

  /** X with its largest eigenvalue and its eigenvectors, those of the largest first. Close it. */
  record Covariance(Matrix x, double largest, EigenPairs pairs) implements AutoCloseable {

    static Covariance of(Backend backend, Matrix x) {
      EigenPairs pairs = Eigensolver.full(backend, x);
      return new Covariance(x, pairs.values().get(0, 0), pairs);
    }

    @Override
    public void close() {
      pairs.close();
      x.close();
    }
  }

  /**
   * Prepares an ascent from random weights of the norms that the constraints allow.
   *
   * @param widths d, hidden widths, outputs
   * @param norms a constraint for each layer
   * @param rate step size times the largest eigenvalue of X
   */
  EnergyAscent(Backend backend, Covariance covariance, Activation activation, List<Integer> widths,
      List<NormConstraint> norms, double rate, RandomGenerator random) {
    int layers = widths.size() - 1;
    long d = covariance.x().rows();
    this.backend = backend;
    this.largest = covariance.largest();
    this.network = Network.gaussian(
        new Architecture(widths, activation, Collections.nCopies(layers, 1.0), false, 1), backend, DType.F64, random);
    this.unit = backend.zeros(DType.F64, d, d);
    backend.shiftDiagonal(1, unit);
    for (int layer = 1; layer <= layers; layer++) {
      normalise(network.parameters().weight(layer), norms.get(layer - 1));
    }
    this.towers = Towers.shared(network);
    this.trainer = new Trainer(towers, new QuadraticEnergy(covariance.x()), SideArrays.NONE,
        Samplers.given(backend, List.of(unit), (int) d, RandomStreams.of(0)),
        Descent.of(Optimizers.GD, rate / largest), Constraints.NONE.withNorms(norms));
  }

  private void normalise(Matrix weight, NormConstraint norm) {
    List<Matrix> parts = norm == NormConstraint.UNIT_ROWS
        ? IntStream.range(0, (int) weight.rows()).mapToObj(row -> weight.rowRange(row, 1)).toList()
        : List.of(weight);
    parts.forEach(part -> backend.scale(1 / backend.norm(part), part));
  }

  /** Takes some steps. */
  void run(long steps) {
    trainer.run(steps);
  }

  /** Steps until the parameters stay where they are, or so many steps have been taken in all. */
  void settle(long most) {
    Matrix theta = towers.parameters();
    try (Matrix before = backend.copyOf(theta, DType.F64)) {
      while (trainer.step() < most) {
        trainer.run(Math.min(CHECK_EVERY, most - trainer.step()));
        if (backend.distance(before, theta) <= SETTLED) {
          return;
        }
        backend.copy(theta, before);
      }
    }
  }

  /** {@code tr(W X Wᵀ)} over the largest eigenvalue of X. */
  double value() {
    return -2 * trainer.evaluate() / largest;
  }

  /** W_l, which the next step changes. */
  Matrix weight(int layer) {
    return network.parameters().weight(layer);
  }

  int layers() {
    return network.architecture().layers();
  }

  @Override
  public void close() {
    trainer.close();
    towers.close();
    network.close();
    unit.close();
  }
}
