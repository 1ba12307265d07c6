package io.contraspectra.core.spectral;

/**
 * Something about the data or the graph that bears on what an embedding means.
 *
 * @param kind what it is
 * @param text one sentence for people, with the numbers
 */
public record Finding(Kind kind, String text) {

  /** What can be noteworthy. */
  public enum Kind {
    /** K cuts a multiple eigenvalue: the span of the last columns is one of many, value and spectrum are unique. */
    CUT_EIGENSPACE,
    /** The graph has several components; their indicators are kept as modes. */
    DISCONNECTED,
    /** Some vertices have no relation to any. */
    ISOLATED_VERTICES,
    /** The data span fewer dimensions than they have; everything happens in their range. */
    RANK_DEFICIENT,
    /** The data had a mean, which was taken from them. */
    CENTRED,
    /** Dimensions of the embedding are zero at the optimum. */
    COLLAPSED,
    /** A bound that need not be attained. */
    NOT_ATTAINED,
    /** Some classes or views can be told apart without error. */
    SEPARABLE
  }
}
