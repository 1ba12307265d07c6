package io.contraspectra.experiments.paper.gmm;

import java.util.List;

/**
 * What the studies sweep.
 *
 * @param noiseVariances variances of the axes without means (T1)
 * @param ambient dimensions of the data (T2)
 * @param deltas probabilities that the augmentation keeps the component, descending (T3)
 * @param pairs numbers of pairs (T4)
 * @param genericPairs numbers of pairs for a generic covariance (T5)
 * @param batches sizes of mini-batches (T6)
 * @param clipPairs numbers of pairs of two modalities (T7)
 * @param digitDimensions dimensions of embeddings of digits (T8)
 * @param realDeltas probabilities that a real sample's partner has its class, descending (T8)
 * @param populations dimensions in which population losses are minimised
 * @param populationDeltas probabilities that the augmentation keeps the component there, descending
 * @param clean the probability of the same component that stands for a clean augmentation: 1
 * @param target what minimisers are compared with
 */
record GmmSettings(List<Double> noiseVariances, List<Integer> ambient, List<Double> deltas, List<Integer> pairs,
    List<Integer> genericPairs, List<Integer> batches, List<Integer> clipPairs, List<Integer> digitDimensions,
    List<Double> realDeltas, List<Integer> populations, List<Double> populationDeltas,
    double clean, Target target) {

  /** A subspace that population minimisers are held against. */
  enum Target {
    /** {@code Σ⁻¹ span(μ)}. */
    FISHER,
    /** {@code span(μ)}: what a forgotten metric would make of it; for tests of the verdict. */
    MEANS_BY_MISTAKE
  }

  /** All that gmm.md 6 lists. */
  static GmmSettings full() {
    return new GmmSettings(List.of(.5, 1., 4., 8., 16., 64.), List.of(5, 10, 20, 40),
        List.of(1., .8, .6, .4, .2, .1, .05), List.of(100, 300, 1000, 3000), List.of(300, 1000, 2000),
        List.of(8, 32, 128, 512), List.of(300, 1000, 2000), List.of(1, 2, 4, 6, 9), List.of(1., .75, .5, .25),
        List.of(6, 8), List.of(1., .5, .1), 1, Target.FISHER);
  }

  /** What the thresholds speak of, and little more. */
  static GmmSettings quick() {
    GmmSettings full = full();
    return new GmmSettings(List.of(.5, 1., 4., 8., 64.), List.of(5, 10, 40), List.of(1., .4, .1, .05),
        List.of(100, 300, 3000), List.of(2000), List.of(8, 128), List.of(300, 1000), List.of(2, 9),
        List.of(1., .5), List.of(6), List.of(1., .1), full.clean(), full.target());
  }

  /** These settings with augmentations that are called clean and are not; for tests of the verdicts. */
  GmmSettings withClean(double delta) {
    return new GmmSettings(noiseVariances, ambient, deltas, pairs, genericPairs, batches, clipPairs, digitDimensions,
        realDeltas, populations, populationDeltas, delta, target);
  }

  /** These settings with another reference for minimisers; for tests of the verdicts. */
  GmmSettings withTarget(Target other) {
    return new GmmSettings(noiseVariances, ambient, deltas, pairs, genericPairs, batches, clipPairs, digitDimensions,
        realDeltas, populations, populationDeltas, clean, other);
  }
}
