package io.contraspectra.core.training;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.evaluate.LinearClassifier;
import io.contraspectra.core.evaluate.LinearProbes;
import io.contraspectra.core.evaluate.NeighbourClassifier;
import io.contraspectra.core.evaluate.UnitSphere;
import io.contraspectra.core.manifold.EffectiveRank;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.FusedPropagation;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.ntk.NtkDrift;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Measures a run at its present point. Embeddings are those of the first tower on an {@link EvaluationSet}; the kernel
 * drift counts from the parameters at construction. One thread, one recorder; close it.
 */
public final class Recorder implements AutoCloseable {

  private static final int NEIGHBOURS = 5;
  private static final double PENALTY_A_SAMPLE = 0.01;
  private static final Set<Metric> OF_EMBEDDINGS =
      EnumSet.of(Metric.ERANK, Metric.COVARIANCE_RANK, Metric.KNN, Metric.PROBE, Metric.SUBSPACE);

  private final Backend backend;
  private final Trainer trainer;
  private final Set<Metric> metrics;
  private final @Nullable EvaluationSet evaluation;
  private final @Nullable Matrix reference;
  private final @Nullable NtkDrift drift;
  private final @Nullable FusedPropagation clean;

  /**
   * Prepares the measurements.
   *
   * @param metrics what to measure
   * @param evaluation samples for all but the loss, the gradient's norm, alignment and uniformity; may be null where
   *     nothing else is measured; stays the caller's to close
   * @param reference for {@link Metric#SUBSPACE}, else null: its columns span the subspace to compare with. Of d rows
   *     for the weights of a linear network, of as many as the last hidden layer has units for the readout, of as many
   *     as the evaluation set has samples for the embeddings, the first of these that fits
   */
  public Recorder(
      Trainer trainer, Set<Metric> metrics, @Nullable EvaluationSet evaluation, @Nullable Matrix reference) {
    this.trainer = trainer;
    this.metrics = metrics.isEmpty() ? Set.of() : EnumSet.copyOf(metrics);
    this.evaluation = evaluation;
    this.reference = reference;
    Network network = trainer.towers().first();
    this.backend = network.backend();
    requireFits(network.architecture());
    this.drift = metrics.contains(Metric.NTK_DRIFT) ? new NtkDrift(network, set().driftInputs()) : null;
    this.clean = metrics.stream().anyMatch(OF_EMBEDDINGS::contains)
        ? new FusedPropagation(network, set().inputs().rows()) : null;
  }

  private EvaluationSet set() {
    if (evaluation == null) {
      throw new InvalidArgument("measuring " + metrics + " needs samples to measure on; give an evaluation set");
    }
    return evaluation;
  }

  private void requireFits(Architecture architecture) {
    if (metrics.contains(Metric.KNN) || metrics.contains(Metric.PROBE)) {
      set().requireLabels();
    }
    boolean pairs = trainer.embeddings().rows() >= 2 * trainer.samples();
    if (metrics.contains(Metric.ALIGNMENT) && !pairs) {
      throw new InvalidArgument("alignment is measured between two blocks of a batch; this loss takes one");
    }
    if (metrics.contains(Metric.UNIFORMITY) && trainer.samples() < 2) {
      throw new InvalidArgument("uniformity needs batches of two samples at least");
    }
    if (metrics.contains(Metric.SUBSPACE)) {
      if (reference == null) {
        throw new InvalidArgument("subspace needs a matrix to compare with; give subspace:REF.npy");
      }
      int units = architecture.width(architecture.layers() - 1);
      boolean weights = isLinear(architecture) && reference.rows() == architecture.inputs();
      if (!weights && reference.rows() != units && reference.rows() != set().inputs().rows()) {
        throw new ShapeMismatch("subspace: the reference has " + reference.rows() + " rows; it needs " + units
            + " for the readout's weights or " + set().inputs().rows() + " for the embeddings"
            + (isLinear(architecture) ? ", or " + architecture.inputs() + " for the linear map" : ""));
      }
    }
  }

  private static boolean isLinear(Architecture architecture) {
    return architecture.layers() == 1 || architecture.activation() == Activation.IDENTITY;
  }

  /** What is measured. */
  public Set<Metric> metrics() {
    return metrics;
  }

  /**
   * Measures the point of the trainer's last {@link Trainer#evaluate()}; where the run has diverged, everything is
   * infinite.
   */
  public Map<Metric, Double> measure() {
    var values = new EnumMap<Metric, Double>(Metric.class);
    boolean diverged = trainer.hasDiverged();
    if (clean != null && !diverged) {
      clean.forward(set().inputs());
    }
    for (Metric metric : metrics) {
      values.put(metric, diverged ? Double.POSITIVE_INFINITY : measure(metric));
    }
    return values;
  }

  private double measure(Metric metric) {
    return switch (metric) {
      case LOSS -> trainer.loss();
      case GRAD_NORM -> backend.norm(trainer.gradient());
      case NTK_DRIFT -> Objects.requireNonNull(drift).relative();
      case ERANK -> EffectiveRank.of(backend, embeddings()).erank();
      case COVARIANCE_RANK -> EffectiveRank.ofCovariance(backend, embeddings());
      case ALIGNMENT -> UnitSphere.alignment(backend, block(0), block(1));
      case UNIFORMITY -> UnitSphere.uniformity(backend, block(0));
      case KNN -> neighbours();
      case PROBE -> probe();
      case SUBSPACE -> subspace();
    };
  }

  private Matrix embeddings() {
    return Objects.requireNonNull(clean).output();
  }

  private Matrix block(int block) {
    return trainer.embeddings().rowRange(block * trainer.samples(), trainer.samples());
  }

  private double neighbours() {
    Matrix fitted = set().fitted(embeddings());
    int k = (int) Math.min(NEIGHBOURS, fitted.rows());
    return new NeighbourClassifier(backend, fitted, set().fittedLabels(), k)
        .accuracy(set().judged(embeddings()), set().judgedLabels());
  }

  private double probe() {
    Matrix fitted = set().fitted(embeddings());
    try (LinearClassifier probe = LinearProbes.ridge(
        backend, fitted, set().fittedLabels(), PENALTY_A_SAMPLE * fitted.rows())) {
      return probe.accuracy(set().judged(embeddings()), set().judgedLabels());
    }
  }

  private double subspace() {
    Matrix other = Objects.requireNonNull(reference);
    Network network = trainer.towers().first();
    Architecture architecture = network.architecture();
    if (isLinear(architecture) && other.rows() == architecture.inputs()) {
      try (Matrix product = product(network)) {
        return Subspaces.compare(backend, product, other).projectionDistance();
      }
    }
    Matrix readout = network.parameters().weight(architecture.layers());
    if (other.rows() == readout.cols()) {
      try (Matrix columns = backend.zeros(readout.dtype(), readout.cols(), readout.rows())) {
        backend.transpose(readout, columns);
        return Subspaces.compare(backend, columns, other).projectionDistance();
      }
    }
    return Subspaces.compare(backend, embeddings(), other).projectionDistance();
  }

  /** (W_L … W_1)ᵀ, d x K. */
  private Matrix product(Network network) {
    Architecture architecture = network.architecture();
    Matrix product = backend.zeros(network.dtype(), architecture.inputs(), architecture.width(1));
    backend.transpose(network.parameters().weight(1), product);
    for (int layer = 2; layer <= architecture.layers(); layer++) {
      Matrix next = backend.zeros(network.dtype(), architecture.inputs(), architecture.width(layer));
      backend.gemm(NO, YES, 1, product, network.parameters().weight(layer), 0, next);
      product.close();
      product = next;
    }
    return product;
  }

  @Override
  public void close() {
    if (drift != null) {
      drift.close();
    }
    if (clean != null) {
      clean.close();
    }
  }
}
