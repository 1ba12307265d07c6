package io.contraspectra.experiments.paper.features;

import io.contraspectra.core.matrix.InvalidArgument;
import java.util.List;

/**
 * The numbers of the experiment on random features; the defaults are those of ntk.md 3b and 3c.
 *
 * @param widths M of the two-layer networks, ascending, from 256 to 2048 at least
 * @param controlWidths M of the negative control
 * @param deepWidths M of the three-layer networks, ascending
 * @param trained step size of the hidden layers
 * @param control step size of the hidden layer in the negative control
 */
public record FeatureSettings(List<Integer> widths, List<Integer> controlWidths, List<Integer> deepWidths,
    HiddenStep trained, HiddenStep control) {

  /** The step size of what is below the readout. */
  public enum HiddenStep {
    /** 1, whatever the width: features move by O(1/M). */
    CONSTANT,
    /** 0.05 M: features move as far at every width. */
    FEATURE_LEARNING;

    double of(int width) {
      return this == CONSTANT ? 1 : 0.05 * width;
    }
  }

  /** The widths that slopes are fitted to (G9). */
  static final List<Integer> FITTED = List.of(256, 512, 1024, 2048);

  public FeatureSettings {
    widths = List.copyOf(widths);
    controlWidths = List.copyOf(controlWidths);
    deepWidths = List.copyOf(deepWidths);
    if (!widths.containsAll(FITTED) || fittedDeep(deepWidths).size() < 2 || controlWidths.isEmpty()) {
      throw new InvalidArgument("random-feature-pca: widths " + widths + " must contain " + FITTED
          + ", those of three-layer networks two from 64 on, and the negative control needs one");
    }
  }

  /** The full grid. */
  static FeatureSettings full() {
    return new FeatureSettings(List.of(32, 64, 128, 256, 512, 1024, 2048, 4096), List.of(64, 128, 256, 512, 1024, 2048),
        List.of(32, 64, 128, 256, 512), HiddenStep.CONSTANT, HiddenStep.FEATURE_LEARNING);
  }

  /** A reduced grid that decides the same claims. */
  static FeatureSettings quick() {
    return new FeatureSettings(
        FITTED, List.of(64, 512, 2048), List.of(64, 128, 256, 512), HiddenStep.CONSTANT, HiddenStep.FEATURE_LEARNING);
  }

  /** Of the widths of three-layer networks, those that slopes are fitted to (G13). */
  List<Integer> fittedDeep() {
    return fittedDeep(deepWidths);
  }

  private static List<Integer> fittedDeep(List<Integer> widths) {
    return widths.stream().filter(width -> width >= 64).toList();
  }
}
