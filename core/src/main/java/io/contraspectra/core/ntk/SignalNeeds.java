package io.contraspectra.core.ntk;

import io.contraspectra.core.network.Architecture;

/**
 * Which signals of a sample are kept, beside its activations.
 *
 * @param lowest the lowest layer of which B^l is kept; those up to L-2 are, so none if this is more
 * @param weighted whether slopes are scaled by {@code sqrt(s_L² Σ_k W_km² / K)}, so that their Gram is the trace
 *     kernel's under the readout; if not, they are phi' itself
 * @param allSlopes whether the slopes of all hidden layers are kept, or those under the readout alone
 * @param readout whether the activations under the readout are kept
 */
record SignalNeeds(int lowest, boolean weighted, boolean allSlopes, boolean readout) {

  /** What forward and backward passes need: no signals of all outputs, but all slopes. */
  static SignalNeeds passes(Architecture architecture) {
    return new SignalNeeds(architecture.layers(), false, true, true);
  }

  /** The lowest layer whose slopes are kept. */
  int lowestSlope(Architecture architecture) {
    return allSlopes ? 1 : architecture.layers() - 1;
  }
}
