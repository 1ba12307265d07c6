package io.contraspectra.core.manifold;

import io.contraspectra.core.matrix.InvalidArgument;
import java.util.Arrays;
import java.util.Locale;

/**
 * Ways to move a frame W along a horizontal direction H ({@code WᵀH = 0}) and end at a frame again (grassmann.md 4).
 * All agree to first order; QR and polar reach the same subspace.
 */
public enum Retraction {

  /** {@code qf(W + ηH)}, with the R factor's diagonal positive. */
  QR,

  /** {@code (W + ηH)(I + η²HᵀH)^(-1/2)}, the nearest frame to W + ηH. */
  POLAR,

  /** {@code W V cos(ηS)Vᵀ + U sin(ηS)Vᵀ} with {@code H = USVᵀ}: the geodesic (Edelman, Arias and Smith 1998, 2.65). */
  GEODESIC;

  /** The name that users type, e.g. {@code polar}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The retraction of that name.
   *
   * @throws InvalidArgument if there is none
   */
  public static Retraction named(String name) {
    return Arrays.stream(values()).filter(kind -> kind.label().equals(name)).findFirst().orElseThrow(
        () -> InvalidArgument.unknown("retraction", name, Arrays.stream(values()).map(Retraction::label).toList()));
  }
}
