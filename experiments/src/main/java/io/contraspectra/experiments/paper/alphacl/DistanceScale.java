package io.contraspectra.experiments.paper.alphacl;

import java.math.BigDecimal;

/** The factor of squared distances in the definitions that core is compared with. */
enum DistanceScale {
  /** {@code d² = ‖z_i − z_j‖²/2}, as the paper has it (alphacl.md 1). */
  HALVED(new BigDecimal("0.5")),
  /** Without the half, the commonest mistake (alphacl.md 12): every logit doubles. */
  NOT_HALVED_BY_MISTAKE(BigDecimal.ONE);

  private final BigDecimal factor;

  DistanceScale(BigDecimal factor) {
    this.factor = factor;
  }

  BigDecimal factor() {
    return factor;
  }
}
