package io.contraspectra.experiments.paper.features;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.Samplers;
import io.contraspectra.core.data.Triplets;
import io.contraspectra.core.loss.Losses;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.manifold.Representations;
import io.contraspectra.core.manifold.Retraction;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Propagation;
import io.contraspectra.core.optimize.Optimizers;
import io.contraspectra.core.random.RandomStreams;
import io.contraspectra.core.training.Constraints;
import io.contraspectra.core.training.Descent;
import io.contraspectra.core.training.Towers;
import io.contraspectra.core.training.Trainer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A network with an orthonormal readout, {@code f = M^(-1/2)Wᵀφ(…)}, trained by the linear contrastive loss from a random
 * frame W, and how far it has gone from the principal components at its start (ntk.md 3b): QR steps of W of size
 * {@code 0.4/max|eig(S_0)|}, gradient steps of everything below. Close it.
 */
final class FeatureRun implements AutoCloseable {

  private static final double READOUT_STEP = 0.4;

  private final Backend backend;
  private final Matrix inputs;
  private final Network network;
  private final Towers towers;
  private final Trainer trainer;
  private final FeatureMatrix start;
  private final FeatureMatrix.Leading components;
  private final Matrix frame;
  private final Matrix startFrame;
  private final Matrix reference;
  private double defect;

  /**
   * Draws a network and prepares its training.
   *
   * @param hidden widths of the hidden layers, all M
   * @param hiddenStep step size of what is below the readout; 0 to freeze it
   */
  FeatureRun(Backend backend, Triplets triplets, Activation activation, int[] hidden, double hiddenStep,
      RandomGenerator random) {
    this.backend = backend;
    this.inputs = triplets.stacked(backend, DType.F64);
    var widths = new int[hidden.length + 2];
    System.arraycopy(hidden, 0, widths, 1, hidden.length);
    widths[0] = triplets.d();
    widths[widths.length - 1] = Source.OUTPUTS;
    this.network = Network.gaussian(Architecture.ntk(activation, widths), backend, DType.F64, random);
    orthonormalise();
    this.start = features();
    this.components = start.leading(Source.OUTPUTS);
    this.frame = backend.zeros(DType.F64, readout().cols(), Source.OUTPUTS);
    backend.transpose(readout(), frame);
    this.startFrame = backend.zeros(DType.F64, readout().cols(), Source.OUTPUTS);
    backend.transpose(components.frame(), startFrame);
    this.reference = outputsOfComponents();
    this.towers = Towers.shared(network);
    this.trainer = trainer(triplets.n(), hiddenStep);
  }

  private void orthonormalise() {
    try (Matrix triangle = backend.zeros(DType.F64, Source.OUTPUTS, Source.OUTPUTS)) {
      backend.lq(readout(), triangle);
    }
  }

  private Trainer trainer(int n, double hiddenStep) {
    List<Matrix> views = List.of(inputs.rowRange(0, n), inputs.rowRange(n, n), inputs.rowRange(2L * n, n));
    Constraints constraints = Constraints.NONE
        .freezing(hiddenStep == 0 ? Set.copyOf(hiddenLayers()) : Set.of())
        .withOrthogonalReadout(Retraction.QR, READOUT_STEP / components.largest());
    return new Trainer(towers, Losses.named("dot-linear", Map.of()), SideArrays.NONE,
        Samplers.given(backend, views, n, RandomStreams.of(0)),
        Descent.of(Optimizers.GD, hiddenStep == 0 ? 1 : hiddenStep), constraints);
  }

  private List<Integer> hiddenLayers() {
    return IntStream.range(1, network.architecture().layers()).boxed().toList();
  }

  /** Takes steps, looking at the frame after each of them. */
  void advance(int steps) {
    for (int step = 0; step < steps; step++) {
      trainer.run(1);
      backend.transpose(readout(), frame);
      defect = Math.max(defect, Stiefel.defect(backend, frame));
    }
  }

  /** The largest {@code |WᵀW − I|} met so far. */
  double defect() {
    return defect;
  }

  /** {@code pd(W_t, U_0)}: how much of the readout is outside the principal components of the start. */
  double readoutDistance() {
    return Subspaces.compare(backend, frame, startFrame).projectionDistance();
  }

  /** The loss less its least value over all readouts of the features at the start. */
  double excess() {
    return trainer.evaluate() + components.sum();
  }

  /** What has become of the features and of what is read out of them. */
  record Change(double matrix, double components, double readout, double procrustes, double misalignment,
      double davisKahan) {}

  /** Compares with the start. */
  Change change() {
    try (FeatureMatrix now = features(); FeatureMatrix.Leading moved = now.leading(Source.OUTPUTS);
        Matrix movedFrame = backend.zeros(DType.F64, frame.rows(), frame.cols())) {
      backend.transpose(moved.frame(), movedFrame);
      double distance = now.distance(start);
      double turned = Subspaces.compare(backend, movedFrame, startFrame).projectionDistance();
      trainer.evaluate();
      Matrix outputs = trainer.embeddings().rowRange(0, reference.rows());
      return new Change(distance / start.norm(), turned, readoutDistance(),
          Representations.procrustesMisfit(backend, outputs, reference),
          1 - Representations.linearCka(backend, outputs, reference),
          Math.sqrt(Source.OUTPUTS) * turned / (2 * distance / components.gap()));
    }
  }

  /** The principal components' representation of the anchors, {@code M^(-1/2) H_0 U_0}. */
  private Matrix outputsOfComponents() {
    try (Network pca = network.copy()) {
      backend.copy(components.frame(), pca.parameters().weight(network.architecture().layers()));
      return pca.apply(inputs.rowRange(0, inputs.rows() / 3));
    }
  }

  private FeatureMatrix features() {
    try (var pass = new Propagation(network, inputs.rows())) {
      pass.forward(inputs);
      return new FeatureMatrix(backend, pass.activation(network.architecture().layers() - 1));
    }
  }

  private Matrix readout() {
    return network.parameters().weight(network.architecture().layers());
  }

  @Override
  public void close() {
    trainer.close();
    towers.close();
    reference.close();
    startFrame.close();
    frame.close();
    components.close();
    start.close();
    network.close();
    inputs.close();
  }
}
