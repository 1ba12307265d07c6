package io.contraspectra.core.training;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.Sampler;
import io.contraspectra.core.loss.Loss;
import io.contraspectra.core.loss.LossEvaluation;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.FusedPropagation;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Parameters;
import java.util.ArrayList;
import java.util.List;

/** One batch, its way through the towers, the loss of its embeddings, and the way back; all buffers allocated once. */
final class BatchPass implements AutoCloseable {

  private final Backend backend;
  private final Towers towers;
  private final Sampler sampler;
  private final LossEvaluation loss;
  private final List<Matrix> owned = new ArrayList<>();
  private final List<Matrix> batch = new ArrayList<>();
  private final List<Matrix> inputs = new ArrayList<>();
  private final List<FusedPropagation> passes = new ArrayList<>();
  private final Matrix embeddings;
  private final Matrix cotangent;
  private boolean drawn;
  private double value = Double.NaN;

  BatchPass(Towers towers, Loss loss, SideArrays arrays, Sampler sampler) {
    this.towers = towers;
    this.sampler = sampler;
    Network network = towers.first();
    this.backend = network.backend();
    requireFits(towers, loss, sampler);
    long samples = sampler.samples();
    int outputs = network.architecture().outputs();
    this.loss = loss.evaluation(backend, network.dtype(), samples, outputs, arrays);
    if (towers.networks().size() == 1) {
      Matrix stacked = own(backend.zeros(network.dtype(), loss.blocks() * samples, network.architecture().inputs()));
      for (int block = 0; block < loss.blocks(); block++) {
        batch.add(stacked.rowRange(block * samples, samples));
      }
      inputs.add(stacked);
    } else {
      for (Network tower : towers.networks()) {
        batch.add(own(backend.zeros(network.dtype(), samples, tower.architecture().inputs())));
      }
      inputs.addAll(batch);
    }
    for (int i = 0; i < inputs.size(); i++) {
      passes.add(new FusedPropagation(towers.networks().get(i), inputs.get(i).rows()));
    }
    this.embeddings = passes.size() == 1 ? passes.getFirst().output()
        : own(backend.zeros(network.dtype(), loss.blocks() * samples, outputs));
    this.cotangent = own(backend.zeros(network.dtype(), loss.blocks() * samples, outputs));
  }

  private static void requireFits(Towers towers, Loss loss, Sampler sampler) {
    if (sampler.blocks() != loss.blocks()) {
      throw new InvalidArgument(loss.name() + " takes " + loss.blocks() + " blocks of inputs ("
          + String.join(", ", loss.style().arrays()) + "), the sampler draws " + sampler.blocks());
    }
    if (towers.networks().size() == 2 && loss.blocks() != 2) {
      throw new InvalidArgument("two towers need a loss of two views, " + loss.name() + " takes " + loss.blocks()
          + " blocks; use e.g. clip-cos");
    }
    for (int block = 0; block < loss.blocks(); block++) {
      int tower = towers.networks().size() == 1 ? 0 : block;
      int expected = towers.networks().get(tower).architecture().inputs();
      if (sampler.features(block) != expected) {
        throw new ShapeMismatch("the sampler's block " + block + " has " + sampler.features(block)
            + " features, the network of widths " + towers.networks().get(tower).architecture().widths() + " takes "
            + expected);
      }
    }
  }

  private Matrix own(Matrix matrix) {
    owned.add(matrix);
    return matrix;
  }

  /** Brings in the batch of a step. */
  void draw(long step) {
    if (!drawn || !sampler.isConstant()) {
      sampler.draw(step, batch);
      drawn = true;
    }
  }

  /** The loss at the present parameters; NaN where the embeddings or the loss itself left the usable range. */
  double forward() {
    for (int i = 0; i < passes.size(); i++) {
      Matrix f = passes.get(i).forward(inputs.get(i));
      if (passes.size() > 1) {
        backend.copy(f, embeddings.rowRange(i * f.rows(), f.rows()));
      }
    }
    value = Double.NaN;
    if (backend.maxAbs(embeddings) <= GradientDescent.DIVERGED) {
      value = loss.evaluate(embeddings, cotangent);
    }
    return Double.isFinite(value) ? value : Double.NaN;
  }

  /** The gradient of the last {@link #forward()} with respect to all towers' parameters. */
  void backward(Matrix gradient) {
    for (int i = 0; i < passes.size(); i++) {
      Network network = towers.networks().get(i);
      long rows = inputs.get(i).rows();
      passes.get(i).gradient(cotangent.rowRange(i * rows, rows), new Parameters(network.architecture(),
          gradient.block(0, towers.offset(i), 1, network.architecture().parameters())));
    }
  }

  LossEvaluation loss() {
    return loss;
  }

  /** f of the last {@link #forward()}, (blocks·N) x K. */
  Matrix embeddings() {
    return embeddings;
  }

  long samples() {
    return sampler.samples();
  }

  @Override
  public void close() {
    passes.forEach(FusedPropagation::close);
    owned.forEach(Matrix::close);
    loss.close();
  }
}
