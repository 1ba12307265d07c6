package io.contraspectra.core.loss;

import java.util.Locale;

/** What a loss may take beside the embeddings. */
public enum SideArray {
  /** N x N of zeros and ones: 1 where sample j is a negative of anchor i; without it, all but i itself are. */
  MASK("n x n, 1 where sample j is a negative of anchor i; default: every other sample"),
  /** N x N, symmetric and non-negative: how strongly two samples are related. */
  GRAPH("n x n, symmetric and non-negative"),
  /** Q x K, the support set in which NNCLR looks for neighbours. */
  QUEUE("Q x K, the support set of the neighbours"),
  /** K x K, SimSiam's linear predictor P: predictions are Z Pᵀ; without it, the identity. */
  PREDICTOR("K x K, predictions are Z Pᵀ; default: the identity");

  private final String description;

  SideArray(String description) {
    this.description = description;
  }

  /** The name on the command line, e.g. {@code mask}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Shape and meaning, in one line. */
  public String description() {
    return description;
  }
}
