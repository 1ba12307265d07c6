package io.contraspectra.experiments.paper.features;

import static io.contraspectra.core.network.Activation.ERF;
import static io.contraspectra.core.network.Activation.RELU;

import io.contraspectra.core.network.Activation;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.paper.features.FeatureSettings.HiddenStep;
import java.util.ArrayList;
import java.util.List;

/**
 * All studies of the experiment by what they are for.
 *
 * @param frozen features that do not move
 * @param wide trained two-layer networks
 * @param controls trained in proportion to the width
 * @param deep trained three-layer networks
 */
record FeatureStudies(
    List<FrozenStudy> frozen, List<TrainedStudy> wide, List<TrainedStudy> controls, List<TrainedStudy> deep) {

  private static final int STEPS = 100;
  private static final int SHORTER = 50;
  private static final List<Activation> ACTIVATIONS = List.of(RELU, ERF);

  /** Clusters are for all claims, other sources for those that are not about clusters. */
  static FeatureStudies of(List<Source> sources, FeatureSettings settings) {
    var frozen = new ArrayList<FrozenStudy>();
    var wide = new ArrayList<TrainedStudy>();
    var controls = new ArrayList<TrainedStudy>();
    var deep = new ArrayList<TrainedStudy>();
    for (Source source : sources) {
      for (Activation activation : ACTIVATIONS) {
        var subject = new Case(source, activation);
        frozen.add(new FrozenStudy(subject));
        wide.add(new TrainedStudy(subject.name(), subject, 1, settings.widths(), FeatureSettings.FITTED, STEPS,
            settings.trained()));
        if (source == Source.CLUSTERS) {
          deep.add(new TrainedStudy("three layers, " + subject.name(), subject, 2, settings.deepWidths(),
              settings.fittedDeep(), SHORTER, settings.trained()));
        }
      }
      if (source == Source.CLUSTERS) {
        controls.add(control(new Case(source, RELU), settings.controlWidths(), settings.control()));
      }
    }
    return new FeatureStudies(List.copyOf(frozen), List.copyOf(wide), List.copyOf(controls), List.copyOf(deep));
  }

  private static TrainedStudy control(Case subject, List<Integer> widths, HiddenStep step) {
    return new TrainedStudy("control, " + subject.name(), subject, 1, widths, List.of(), SHORTER, step);
  }

  /** The longest first. */
  List<Study> all() {
    var all = new ArrayList<Study>(wide);
    all.addAll(controls);
    all.addAll(deep);
    all.addAll(frozen);
    return all;
  }
}
