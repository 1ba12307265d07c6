package io.contraspectra.experiments.paper.alphacl;

import io.contraspectra.core.loss.AlphaLoss;
import io.contraspectra.core.loss.Losses;
import java.util.Map;
import java.util.function.UnaryOperator;

/** The table of losses {@code Σ_i phi(Σ_j psi(u_ij))} by their definitions (alphacl.md 2), with core's constants. */
enum LossRow {
  INFONCE("infonce", Map.of("eps", "1"), x -> x.plus(1).log().times(LossRow.TAU), u -> u.times(1 / LossRow.TAU).exp(),
      Feasible.SUMS_BELOW),
  INFONCE_DECOUPLED("infonce", Map.of("eps", "0"), x -> x.log().times(LossRow.TAU), u -> u.times(1 / LossRow.TAU).exp(),
      Feasible.SUMS),
  MINE("mine", Map.of(), ExactDual::log, ExactDual::exp, Feasible.SUMS),
  TRIPLET("triplet", Map.of(), x -> x, u -> u.plus(LossRow.MARGIN).positivePart(), Feasible.BOX),
  SOFT_TRIPLET("soft-triplet", Map.of(), x -> x.plus(1).log().times(LossRow.TAU),
      u -> u.times(1 / LossRow.TAU).plus(LossRow.MARGIN).exp(), Feasible.SUMS_BELOW),
  NPLUS1("nplus1", Map.of(), x -> x.plus(1).log(), ExactDual::exp, Feasible.SUMS_BELOW),
  LIFTED("lifted", Map.of(), x -> x.log().positivePart().square(), u -> u.plus(LossRow.MARGIN).exp(),
      Feasible.ORTHANT),
  MODIFIED_TRIPLET("mod-triplet", Map.of(), x -> x, u -> u.times(LossRow.STEEPNESS).logistic(), Feasible.NO_GAME),
  TRIPLET_CONTRASTIVE("triplet-contrastive", Map.of(), x -> x, u -> u, Feasible.POINT);

  /** Which importance has a finite {@code F*}, so that it may be played (alphacl.md 4b). */
  enum Feasible {
    /** Rows sum to 1. */
    SUMS,
    /** Rows sum to at most 1. */
    SUMS_BELOW,
    /** Every entry lies between 0 and 1. */
    BOX,
    /** Every entry is at least 0. */
    ORTHANT,
    /** Nothing but 1. */
    POINT,
    /** F is not convex. */
    NO_GAME
  }

  private static final double TAU = 0.5;
  private static final double MARGIN = 0.3;
  private static final double STEEPNESS = 2;

  private final AlphaLoss loss;
  private final UnaryOperator<ExactDual> phi;
  private final UnaryOperator<ExactDual> psi;
  private final Feasible feasible;

  LossRow(String name, Map<String, String> constants, UnaryOperator<ExactDual> phi, UnaryOperator<ExactDual> psi,
      Feasible feasible) {
    this.loss = (AlphaLoss) Losses.named("alpha-" + name, constants);
    this.phi = phi;
    this.psi = psi;
    this.feasible = feasible;
  }

  /** Core's loss of this row. */
  AlphaLoss loss() {
    return loss;
  }

  ExactDual phi(ExactDual x) {
    return phi.apply(x);
  }

  ExactDual psi(ExactDual u) {
    return psi.apply(u);
  }

  Feasible feasible() {
    return feasible;
  }
}
