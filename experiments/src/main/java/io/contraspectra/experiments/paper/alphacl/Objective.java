package io.contraspectra.experiments.paper.alphacl;

import io.contraspectra.core.loss.AlphaLoss;
import io.contraspectra.core.loss.Losses;
import java.util.Map;

/** What is trained on images, all with two views and temperature 1/2 (alphacl.md 9). */
enum Objective {
  QUADRATIC("quadratic (alpha = 1)", (AlphaLoss) Losses.named("alpha-triplet-contrastive", Map.of())),
  INFONCE("InfoNCE", AlphaLoss.infoNce(Objective.TAU, 1)),
  DIRECT("direct, p = 4", AlphaLoss.direct(4, Objective.TAU, 0)),
  STRONGLY_DIRECT("direct, p = 8", AlphaLoss.direct(8, Objective.TAU, 0)),
  ENTROPY("entropy r_H", AlphaLoss.entropy(Objective.TAU, 1)),
  BACKPROP("entropy, alpha back-propagated", AlphaLoss.entropy(Objective.TAU, 1).backPropagated()),
  INVERSE("inverse r_gamma", AlphaLoss.inverse(Objective.TAU, 1, 2, true)),
  SQUARE("square r_s", AlphaLoss.square(Objective.TAU, 1));

  private static final double TAU = 0.5;

  private final String label;
  private final AlphaLoss ofAnchors;

  Objective(String label, AlphaLoss ofAnchors) {
    this.label = label;
    this.ofAnchors = ofAnchors;
  }

  String label() {
    return label;
  }

  /** The loss with every view an anchor. */
  AlphaLoss loss() {
    return ofAnchors.ofTwoViews();
  }

  /** The loss of anchors and positives. */
  AlphaLoss ofAnchors() {
    return ofAnchors;
  }

  /** Whether its importance depends on distances in a way of its own, and sums to 1. */
  boolean isDesigned() {
    return switch (this) {
      case DIRECT, STRONGLY_DIRECT, ENTROPY, INVERSE, SQUARE -> true;
      case QUADRATIC, INFONCE, BACKPROP -> false;
    };
  }

  /** InfoNCE without the positive in the denominator, whose gradients are those of {@link #ENTROPY}. */
  static AlphaLoss decoupledInfoNce() {
    return AlphaLoss.infoNce(TAU, 0).ofTwoViews();
  }
}
