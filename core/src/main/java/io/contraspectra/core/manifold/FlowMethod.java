package io.contraspectra.core.manifold;

import io.contraspectra.core.matrix.InvalidArgument;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Ways to follow the flow of {@code −tr(WᵀCW)} (grassmann.md 3, 4), with {@code A = C + Cᵀ}. */
public enum FlowMethod {

  /** The closed form {@code W(t) = exp(tA)W0 (W0ᵀexp(2tA)W0)^(-1/2)}. */
  EXACT("exact", null),

  /** Riemannian gradient steps, retracted by QR; first order in the step size. */
  QR("qr", Retraction.QR),

  /** The same with the polar factor; its subspaces are those of QR. */
  POLAR("polar", Retraction.POLAR),

  /** Steps along geodesics; first order as well. */
  GEODESIC("geodesic", Retraction.GEODESIC),

  /** {@code qf(W + ηAW)}, without projection (Oja). */
  OJA("oja", null),

  /** {@code qf((I + ηA + η²A²/2)W)}, of second order. */
  SECOND_ORDER("o2", null);

  private final String label;
  private final @Nullable Retraction retraction;

  FlowMethod(String label, @Nullable Retraction retraction) {
    this.label = label;
    this.retraction = retraction;
  }

  /** The name that users type, e.g. {@code o2}. */
  public String label() {
    return label;
  }

  /** How gradient steps come back to the manifold; empty for methods that take none. */
  Optional<Retraction> retraction() {
    return Optional.ofNullable(retraction);
  }

  /**
   * The method of that name.
   *
   * @throws InvalidArgument if there is none
   */
  public static FlowMethod named(String name) {
    return Arrays.stream(values()).filter(method -> method.label.equals(name)).findFirst().orElseThrow(
        () -> InvalidArgument.unknown("method", name, Arrays.stream(values()).map(FlowMethod::label).toList()));
  }
}
