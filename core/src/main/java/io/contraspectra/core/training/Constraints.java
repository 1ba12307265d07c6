package io.contraspectra.core.training;

import io.contraspectra.core.manifold.Retraction;
import io.contraspectra.core.matrix.InvalidArgument;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where parameters may go.
 *
 * @param frozen layers, from 1, that keep weights and biases as they are
 * @param readout how the rows of the last layer's weights stay orthonormal, or null where they are free
 * @param readoutStepSize the readout's own step size, positive and finite; without meaning where it is free
 * @param norms one constraint for each layer, or none at all
 */
public record Constraints(
    Set<Integer> frozen, @Nullable Retraction readout, double readoutStepSize, List<NormConstraint> norms) {

  /** Parameters go wherever the gradient leads. */
  public static final Constraints NONE = new Constraints(Set.of(), null, 1, List.of());

  public Constraints {
    frozen = Set.copyOf(frozen);
    norms = List.copyOf(norms);
    if (readout != null && (!(readoutStepSize > 0) || Double.isInfinite(readoutStepSize))) {
      throw new InvalidArgument("learning rate of the orthogonal readout is " + readoutStepSize
          + "; it must be positive and finite");
    }
  }

  /** These and frozen layers. */
  public Constraints freezing(Set<Integer> layers) {
    return new Constraints(layers, readout, readoutStepSize, norms);
  }

  /** These and an orthonormal readout, moved along the gradient by its own step size (ntk.md 3b). */
  public Constraints withOrthogonalReadout(Retraction retraction, double stepSize) {
    return new Constraints(frozen, retraction, stepSize, norms);
  }

  /** These and a norm constraint for each layer. */
  public Constraints withNorms(List<NormConstraint> layers) {
    return new Constraints(frozen, readout, readoutStepSize, layers);
  }

  /** Refuses what a network of so many layers cannot keep. */
  void requireFits(int layers) {
    if (!norms.isEmpty() && norms.size() != layers) {
      throw new InvalidArgument("norm constraints for " + norms.size() + " layers: the network has " + layers);
    }
    if (frozen.stream().anyMatch(layer -> layer < 1 || layer > layers)) {
      throw new InvalidArgument("frozen layers " + frozen + ": layers count from 1 to " + layers);
    }
    if (readout != null && frozen.contains(layers)) {
      throw new InvalidArgument("the readout cannot be frozen and moved along the orthonormal frames at once");
    }
  }

  boolean isFree() {
    return readout == null && norms.stream().allMatch(NormConstraint.FREE::equals);
  }
}
