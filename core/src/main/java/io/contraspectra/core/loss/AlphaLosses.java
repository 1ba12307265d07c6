package io.contraspectra.core.loss;

import io.contraspectra.core.loss.LossParameter.Domain;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The rows of the alpha-CL family's table (alphacl.md 2), and the designed importances (alphacl.md 4). */
final class AlphaLosses {

  private static final String SOURCE = "Tian 2022, arXiv 2201.12680; alphacl.md ";
  private static final LossParameter TAU = LossParameter.tau(.5);
  private static final LossParameter BUDGET = LossParameter.of("budget", Domain.POSITIVE, 1);
  private static final LossParameter TWO_VIEWS = LossParameter.of("two-views", Domain.FLAG, 0);
  private static final LossParameter BACKPROP = LossParameter.of("backprop", Domain.FLAG, 0);

  private AlphaLosses() {}

  static List<LossEntry> entries() {
    return Stream.concat(pairs().stream(), designed().stream()).toList();
  }

  /** Losses Σ_i phi(Σ_j psi(u_ij)). */
  private static List<LossEntry> pairs() {
    return List.of(
        pair("infonce", "tau log(eps + x)", "exp(u/tau)",
            c -> AlphaLoss.infoNce(c.number("tau"), c.number("eps")), TAU, eps(1), BACKPROP),
        pair("mine", "log(x)", "exp(u)", c -> loss("mine", new SoftmaxImportance(1, 0, 0)), BACKPROP),
        pair("triplet", "x", "max(0, u + eps)",
            c -> loss("triplet", new HingeImportance(c.number("eps"))), eps(.3)),
        pair("soft-triplet", "tau log(1 + x)", "exp(u/tau + eps)",
            c -> loss("soft-triplet", new SoftmaxImportance(c.number("tau"), 1, c.number("eps"))),
            TAU, eps(.3), BACKPROP),
        pair("nplus1", "log(1 + x)", "exp(u)", c -> loss("nplus1", new SoftmaxImportance(1, 1, 0)), BACKPROP),
        pair("lifted", "max(0, log(x))^2", "exp(u + eps)",
            c -> loss("lifted", new LiftedImportance(c.number("eps"))), eps(.3)),
        pair("mod-triplet", "x", "1/(1 + exp(-c u))",
            c -> loss("mod-triplet", new SigmoidImportance(c.number("c"))), LossParameter.of("c", Domain.POSITIVE, 2)),
        pair("triplet-contrastive", "x", "u", c -> loss("triplet-contrastive", new UniformImportance())));
  }

  /** Losses Σ alpha_ij u_ij with alpha held fixed. */
  private static List<LossEntry> designed() {
    return List.of(
        designed("direct", "exp(-d_ij^p/tau)/(sum_k exp(-d_ik^p/tau) + e #negatives)",
            c -> AlphaLoss.direct(c.number("p"), c.number("tau"), c.number("e")),
            LossParameter.of("p", Domain.POSITIVE, 4), TAU, LossParameter.of("e", Domain.NON_NEGATIVE, 0)),
        designed("entropy", "budget softmax_j(-d_ij^2/tau)",
            c -> AlphaLoss.entropy(c.number("tau"), c.number("budget")), TAU, BUDGET, BACKPROP),
        designed("square", "max(0, mu_i - d_ij^2)/tau, sum_j = budget",
            c -> AlphaLoss.square(c.number("tau"), c.number("budget")), TAU, BUDGET),
        designed("inverse", "(tau/(d_ij^2 + lambda_i))^(1/gamma), sum_j = budget; fixed: lambda_i = tau, normalised",
            c -> AlphaLoss.inverse(c.number("tau"), c.number("budget"), c.number("gamma"), c.flag("fixed")),
            TAU, BUDGET, LossParameter.of("gamma", Domain.POSITIVE, 2), LossParameter.of("fixed", Domain.FLAG, 0)));
  }

  private static AlphaLoss loss(String name, Importance importance) {
    return new AlphaLoss("alpha-" + name, importance);
  }

  private static LossParameter eps(double defaultValue) {
    return LossParameter.of("eps", Domain.NON_NEGATIVE, defaultValue);
  }

  private static LossEntry pair(
      String name, String phi, String psi, Function<LossConstants, AlphaLoss> loss, LossParameter... parameters) {
    return entry(name, "sum_i phi(sum_j psi(u_ij)), phi(x) = " + phi + ", psi(u) = " + psi, SOURCE + "2", loss,
        parameters);
  }

  private static LossEntry designed(
      String name, String alpha, Function<LossConstants, AlphaLoss> loss, LossParameter... parameters) {
    return entry(name, "sum_ij alpha_ij u_ij, alpha held fixed, alpha_ij = " + alpha, SOURCE + "4", loss, parameters);
  }

  private static LossEntry entry(String name, String formula, String source,
      Function<LossConstants, AlphaLoss> factory, LossParameter... parameters) {
    boolean hasBackprop = List.of(parameters).contains(BACKPROP);
    LossParameter[] all = Stream.concat(Arrays.stream(parameters), Stream.of(TWO_VIEWS)).toArray(LossParameter[]::new);
    return LossEntry.of("alpha-" + name, LossStyle.ALPHA, formula, source, constants -> {
      AlphaLoss loss = factory.apply(constants);
      loss = constants.flag(TWO_VIEWS.name()) ? loss.ofTwoViews() : loss;
      return hasBackprop && constants.flag(BACKPROP.name()) ? loss.backPropagated() : loss;
    }).with(all).taking(SideArray.MASK);
  }
}
