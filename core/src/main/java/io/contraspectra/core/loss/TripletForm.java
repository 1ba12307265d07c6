package io.contraspectra.core.loss;

/**
 * The shape of a loss on triplets, in terms of the similarities sp_n of anchor and positive, sq_n of anchor and
 * negative and their scaled difference m_n = (sq_n - sp_n)/tau (ntk.md 1).
 */
public enum TripletForm {
  /** mean(sq - sp); no temperature. */
  LINEAR(false, "mean(sq - sp)"),
  /** mean(log(1 + exp(m))). */
  LOGISTIC(true, "mean(log(1 + exp((sq - sp)/tau)))"),
  /** mean(exp(m)). */
  EXP(true, "mean(exp((sq - sp)/tau))"),
  /** mean(-2 sp + sq²), one negative an anchor; no temperature. */
  SPECTRAL(false, "mean(-2 sp + sq^2)"),
  /** Mean over n of logsumexp(sp_n/tau, {u_n·b_j/tau}_j) - sp_n/tau: one positive, all N negatives. */
  INFONCE(true, "mean_n(logsumexp(sp_n/tau, {u_n.b_j/tau}_j) - sp_n/tau)"),
  /** Over the 2N views [u; a]: mean over i of logsumexp_{j != i}(z_i·z_j/tau) - z_i·z_pos(i)/tau; negatives unused. */
  NTXENT(true, "mean_i(logsumexp_{j!=i}(z_i.z_j/tau) - z_i.z_pos(i)/tau), z = [u; a]");

  private final boolean tempered;
  private final String formula;

  TripletForm(boolean tempered, String formula) {
    this.tempered = tempered;
    this.formula = formula;
  }

  /** Whether the form has a temperature; the others ignore tau. */
  public boolean isTempered() {
    return tempered;
  }

  /** The formula in plain text. */
  public String formula() {
    return formula;
  }
}
