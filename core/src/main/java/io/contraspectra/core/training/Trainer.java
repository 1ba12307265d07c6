package io.contraspectra.core.training;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.Sampler;
import io.contraspectra.core.loss.Loss;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Parameters;
import io.contraspectra.core.optimize.Optimizer;
import io.contraspectra.core.optimize.Optimizers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Trains towers on the batches of a sampler, one step after the other: evaluate, look, update. Moves the towers'
 * parameters in place; the same arguments give the same bits whatever the number of threads.
 *
 * <p>Allocates nothing after the first step. One thread, one trainer; close it.
 */
public final class Trainer implements AutoCloseable {

  private final Backend backend;
  private final Towers towers;
  private final Descent descent;
  private final Constraints constraints;
  private final BatchPass pass;
  private final Matrix gradient;
  private final Matrix rowNorms;
  private final Optimizer optimizer;
  private final List<OrthogonalReadout> readouts = new ArrayList<>();
  private final List<Optimizer> lossOptimizers = new ArrayList<>();
  private final Optional<SupportQueue> queue;
  private final boolean constantBatch;
  private long step;
  private double loss = Double.NaN;
  private double penalised = Double.NaN;
  private boolean evaluated;

  /**
   * Prepares a run.
   *
   * @param towers trained in place; the caller's to close
   * @param arrays what the loss needs beside the embeddings. SimSiam's predictor is trained in place; after every step
   *     NNCLR's queue takes in the first view's embeddings for its oldest rows
   * @param sampler draws the batches; its blocks must be the loss's
   */
  public Trainer(
      Towers towers, Loss loss, SideArrays arrays, Sampler sampler, Descent descent, Constraints constraints) {
    this.backend = towers.first().backend();
    this.towers = towers;
    this.descent = descent;
    this.constraints = constraints;
    this.constantBatch = sampler.isConstant();
    this.queue = SupportQueue.of(backend, arrays);
    towers.networks().forEach(network -> constraints.requireFits(network.architecture().layers()));
    requireSense(descent, constraints, sampler);
    if (descent.rule() == Optimizers.LBFGS && queue.isPresent()) {
      throw new InvalidArgument("lbfgs needs the same loss at every step, " + loss.name() + "'s queue changes; use adam");
    }
    if (constraints.readout() != null) {
      towers.networks().forEach(OrthogonalReadout::requireFrame);
    }
    this.pass = new BatchPass(towers, loss, arrays, sampler);
    this.gradient = backend.zeros(towers.first().dtype(), 1, towers.parameters().cols());
    this.rowNorms = backend.zeros(towers.first().dtype(), constraints.norms().isEmpty() ? 0 : widest(towers), 1);
    this.optimizer = descent.rule().create(backend, towers.parameters());
    if (constraints.readout() != null) {
      for (int i = 0; i < towers.networks().size(); i++) {
        Parameters slope = gradientOf(i, gradient);
        readouts.add(new OrthogonalReadout(
            towers.networks().get(i), constraints, slope.weight(slope.architecture().layers())));
      }
    }
    pass.loss().parameters().ifPresent(own -> {
      if (descent.rule() == Optimizers.LBFGS) {
        close();
        throw new InvalidArgument("lbfgs cannot move the parameters of " + loss.name() + "; use adam");
      }
      lossOptimizers.add(descent.rule().create(backend, own));
    });
  }

  private static int widest(Towers towers) {
    return towers.networks().stream().flatMap(network -> network.architecture().widths().stream())
        .max(Integer::compare).orElseThrow();
  }

  private static void requireSense(Descent descent, Constraints constraints, Sampler sampler) {
    if (descent.rule() == Optimizers.LBFGS && !sampler.isConstant()) {
      throw new InvalidArgument("lbfgs needs the same batch at every step, without augmentation; use adam");
    }
    if (descent.rule() == Optimizers.GD && sampler.samples() < sampler.size()) {
      throw new InvalidArgument("gd takes all " + sampler.size() + " samples at every step, the batch has "
          + sampler.samples() + "; use sgd");
    }
    if (descent.rule() == Optimizers.LBFGS && !constraints.isFree()) {
      throw new InvalidArgument("lbfgs moves all parameters freely; use gd with an orthogonal readout or norm"
          + " constraints");
    }
  }

  /**
   * Draws the step's batch and evaluates the loss and its gradient at the present parameters.
   *
   * @return the loss; NaN where the run has {@link #hasDiverged() diverged}
   */
  public double evaluate() {
    if (!evaluated) {
      pass.draw(step);
      penalised = objective(gradient);
      evaluated = true;
    }
    return loss;
  }

  /** The loss with its penalty; its gradient as the rule gets it. */
  private double objective(Matrix gradient) {
    loss = pass.forward();
    if (Double.isNaN(loss)) {
      return Double.NaN;
    }
    pass.backward(gradient);
    if (descent.rule() != Optimizers.LBFGS) {
      return loss;
    }
    Matrix theta = towers.parameters();
    finish(gradient);
    return loss + descent.decay() / 2 * backend.dot(theta, theta);
  }

  /** Whether the last {@link #evaluate()} met outputs or a loss that are not usable numbers. */
  public boolean hasDiverged() {
    return evaluated && Double.isNaN(loss);
  }

  /** Moves the parameters from where {@link #evaluate()} looked. */
  public void update() {
    if (!evaluated || hasDiverged()) {
      throw new InvalidArgument("update: call evaluate first, and only go on if the run has not diverged");
    }
    double stepSize = descent.stepSize(step);
    OptionalDouble next;
    if (descent.rule() == Optimizers.LBFGS) {
      next = optimizer.step((_, slope) -> objective(slope), towers.parameters(), penalised, gradient, stepSize);
      evaluated = next.isPresent() && constantBatch;
      penalised = next.orElse(penalised);
    } else {
      firstOrder(stepSize);
      evaluated = false;
    }
    queue.ifPresent(support -> support.push(step, pass.embeddings().rowRange(0, pass.samples())));
    step++;
  }

  private void firstOrder(double stepSize) {
    clip();
    readouts.forEach(OrthogonalReadout::take);
    finish(gradient);
    optimizer.step((_, _) -> loss, towers.parameters(), loss, gradient, stepSize);
    double factor = descent.schedule().factor(step);
    readouts.forEach(readout -> readout.move(factor));
    pass.loss().parameters().ifPresent(own -> lossOptimizers.getFirst().step(
        (_, _) -> loss, own, loss, pass.loss().parameterGradient().orElseThrow(), stepSize));
    constrain();
  }

  private void clip() {
    if (descent.clip() < Double.POSITIVE_INFINITY) {
      double norm = backend.norm(gradient);
      if (norm > descent.clip()) {
        backend.scale(descent.clip() / norm, gradient);
      }
    }
  }

  /** Adds the weight decay, and takes out what must not move, or moves by itself. */
  private void finish(Matrix gradient) {
    if (descent.decay() > 0) {
      backend.add(descent.decay(), towers.parameters(), 1, gradient);
    }
    for (int i = 0; i < towers.networks().size(); i++) {
      Parameters slope = gradientOf(i, gradient);
      int layers = slope.architecture().layers();
      for (int layer : constraints.frozen()) {
        backend.fill(0, slope.weight(layer));
        if (slope.architecture().biased()) {
          backend.fill(0, slope.bias(layer));
        }
      }
      if (constraints.readout() != null) {
        backend.fill(0, slope.weight(layers));
      }
    }
  }

  private void constrain() {
    for (Network network : towers.networks()) {
      for (int layer = 1; layer <= constraints.norms().size(); layer++) {
        Matrix weight = network.parameters().weight(layer);
        constraints.norms().get(layer - 1).apply(backend, weight, rowNorms.rowRange(0, weight.rows()));
      }
    }
  }

  private Parameters gradientOf(int network, Matrix gradient) {
    var architecture = towers.networks().get(network).architecture();
    return new Parameters(architecture, gradient.block(0, towers.offset(network), 1, architecture.parameters()));
  }

  /** Takes {@code count} steps, or fewer if the run diverges. */
  public void run(long count) {
    for (long i = 0; i < count; i++) {
      evaluate();
      if (hasDiverged()) {
        return;
      }
      update();
    }
  }

  /** Steps taken so far. */
  public long step() {
    return step;
  }

  /** The loss of the last {@link #evaluate()}. */
  public double loss() {
    return loss;
  }

  /** The gradient of the last {@link #evaluate()}, 1 x P: a buffer that {@link #update()} overwrites. */
  public Matrix gradient() {
    return gradient;
  }

  /** f of the last {@link #evaluate()}, (blocks·N) x K: a view that the next one overwrites. */
  public Matrix embeddings() {
    return pass.embeddings();
  }

  /** N, rows of a block. */
  public long samples() {
    return pass.samples();
  }

  /** What is trained. */
  public Towers towers() {
    return towers;
  }

  /** The loss's own trained parameters, such as SimSiam's predictor (K x K): the buffer that steps move. */
  public Optional<Matrix> lossParameters() {
    return pass.loss().parameters();
  }

  /** Everything that a step changes, as the buffers themselves in a fixed order. */
  List<Matrix> state() {
    var state = new ArrayList<Matrix>();
    state.add(towers.parameters());
    state.addAll(optimizer.state());
    pass.loss().parameters().ifPresent(state::add);
    queue.ifPresent(support -> state.add(support.rows()));
    lossOptimizers.forEach(own -> state.addAll(own.state()));
    return state;
  }

  /** Step and counters of all rules, as {@link #restore} takes them. */
  List<long[]> counters() {
    var counters = new ArrayList<long[]>();
    counters.add(new long[] {step});
    counters.add(optimizer.counters());
    lossOptimizers.forEach(own -> counters.add(own.counters()));
    readouts.forEach(readout -> counters.add(new long[] {readout.steps()}));
    return counters;
  }

  /** Goes back to the moment of these counters, once {@link #state()} has been filled with that moment's content. */
  void restore(List<long[]> counters) {
    step = counters.getFirst()[0];
    optimizer.restore(counters.get(1));
    for (int i = 0; i < lossOptimizers.size(); i++) {
      lossOptimizers.get(i).restore(counters.get(2 + i));
    }
    for (int i = 0; i < readouts.size(); i++) {
      readouts.get(i).restore(counters.get(2 + lossOptimizers.size() + i)[0]);
    }
    evaluated = false;
  }

  @Override
  public void close() {
    readouts.forEach(OrthogonalReadout::close);
    lossOptimizers.forEach(Optimizer::close);
    optimizer.close();
    rowNorms.close();
    gradient.close();
    pass.close();
  }
}
