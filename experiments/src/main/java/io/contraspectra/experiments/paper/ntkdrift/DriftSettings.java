package io.contraspectra.experiments.paper.ntkdrift;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.experiments.paper.ExperimentSettings;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The numbers of the drift experiment; the defaults are those of ntk.md 3.
 *
 * @param sources the data sets, at least one
 * @param widths hidden widths M of the two-layer networks, ascending, at least two
 * @param deepWidths hidden widths of the three-layer networks, ascending; empty to leave them out
 * @param seeds number of independent repetitions, each with new data and a new initialisation
 * @param steps T, steps of gradient descent
 * @param stepSize eta, independent of the width
 * @param temperature tau of the losses that have one
 * @param breadth how many combinations of activation and loss are run
 * @param seed the seed that all random streams are split from
 * @param dtype element type
 * @param readoutScale factor on the readout's scale 1/sqrt(M); 1 is the NTK parameterisation, a wrong one makes claims
 *     fail, which tests use
 */
public record DriftSettings(
    List<TripletSource> sources, List<Integer> widths, List<Integer> deepWidths, int seeds, int steps, double stepSize,
    double temperature, Breadth breadth, long seed, DType dtype, ReadoutScale readoutScale) {

  /** Which combinations are run. */
  public enum Breadth {
    /** cos-linear against dot-linear for ReLU and erf. */
    CORE,
    /** Every activation, loss and depth of the paper's experiment. */
    FULL
  }

  /** The factor of the readout as a function of the width. */
  public enum ReadoutScale {
    /** 1/sqrt(M), as in the theory. */
    NTK,
    /** 1/M, the classic mistake of dividing by sqrt(M) twice. */
    SQUARED_BY_MISTAKE;

    double of(int width) {
      return this == NTK ? 1 / Math.sqrt(width) : 1.0 / width;
    }
  }

  /** Steps after which the linearised dynamics is compared with the network (ntk.md 3a, G6). */
  public static final int LINEARISATION_STEPS = 20;

  /** Drift from which a kernel counts as having left its neighbourhood. */
  public static final double HIT = 0.5;

  public DriftSettings {
    sources = List.copyOf(sources);
    widths = List.copyOf(widths);
    deepWidths = List.copyOf(deepWidths);
    requireAscending("widths", widths);
    requireAscending("widths of three-layer networks", deepWidths);
    if (sources.isEmpty() || widths.size() < 2 || deepWidths.size() == 1) {
      throw new InvalidArgument("ntk-drift: at least one data set and two widths are needed for a slope");
    }
    if (seeds < 1 || steps < LINEARISATION_STEPS) {
      throw new InvalidArgument("ntk-drift: " + seeds + " seeds and " + steps + " steps; at least 1 seed and "
          + LINEARISATION_STEPS + " steps are needed");
    }
  }

  /** What a user's options come to. */
  static DriftSettings of(ExperimentSettings asked) {
    List<TripletSource> sources = TripletSources.of(asked.data().orElse(null), asked.quick());
    return asked.quick()
        ? quick(sources, asked.seeds(), asked.seed(), asked.dtype())
        : full(sources, asked.seeds(), asked.seed(), asked.dtype());
  }

  /** The full experiment. */
  public static DriftSettings full(List<TripletSource> sources, int seeds, long seed, DType dtype) {
    return new DriftSettings(sources, powersOfTwo(32, 4096), powersOfTwo(32, 512), seeds, 100, 0.5, 1, Breadth.FULL,
        seed, dtype, ReadoutScale.NTK);
  }

  /** A reduced grid that still decides the first three claims. */
  public static DriftSettings quick(List<TripletSource> sources, int seeds, long seed, DType dtype) {
    return new DriftSettings(sources, List.of(32, 128, 512, 4096), List.of(), seeds, 100, 0.5, 1, Breadth.CORE, seed,
        dtype, ReadoutScale.NTK);
  }

  /** What a run of the grid depends on beside its cell and what {@link ExperimentSettings} say. */
  String text() {
    return steps + " steps of " + stepSize + ", tau " + temperature + ", readout " + readoutScale;
  }

  /** T(M) = ceil(6 ln M), the clock on which the two kinds of loss part most clearly (ntk.md 3a, G5). */
  public int logarithmicSteps(int width) {
    return Math.min(steps, (int) Math.ceil(6 * Math.log(width)));
  }

  private static void requireAscending(String what, List<Integer> widths) {
    for (int i = 0; i < widths.size(); i++) {
      if (widths.get(i) < 1 || i > 0 && widths.get(i) <= widths.get(i - 1)) {
        throw new InvalidArgument("ntk-drift: " + what + " " + widths + " must be positive and ascending");
      }
    }
  }

  private static List<Integer> powersOfTwo(int from, int to) {
    return IntStream.iterate(from, width -> width <= to, width -> 2 * width).boxed().toList();
  }
}
