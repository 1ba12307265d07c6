package io.contraspectra.experiments.paper.features;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.Triplets;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Features that do not move: the readout goes to their principal components (ntk.md 3b, G7). */
final class FrozenStudy implements Study {

  private static final List<Integer> WIDTHS = List.of(64, 1024);
  private static final int[] FOLLOWED = {0, 5, 10, 20, 40, 80, 200};

  private final Case subject;

  FrozenStudy(Case subject) {
    this.subject = subject;
  }

  @Override
  public String name() {
    return "frozen " + subject.name();
  }

  Case subject() {
    return subject;
  }

  static int widest() {
    return WIDTHS.getLast();
  }

  static double[] followed() {
    return Arrays.stream(FOLLOWED).asDoubleStream().toArray();
  }

  /** {@code pd(W_t, U_0)} after t steps. */
  String distanceName(int width, int steps) {
    return Quantity.READOUT.at(name(), width) + ", t = " + steps;
  }

  String endName() {
    return "pd(W,U_0), " + name();
  }

  String excessName() {
    return "objective off its optimum, " + name();
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    Triplets triplets = subject.source().sampler().apply(random);
    for (int width : WIDTHS) {
      try (var run = new FeatureRun(backend, triplets, subject.activation(), new int[] {width}, 0, random)) {
        int done = 0;
        for (int steps : FOLLOWED) {
          run.advance(steps - done);
          done = steps;
          sheet.put(distanceName(width, steps), run.readoutDistance());
        }
        sheet.largest(endName(), run.readoutDistance());
        sheet.largest(excessName(), Math.abs(run.excess()));
        sheet.largest(FeatureClaims.defectName(name()), run.defect());
      }
    }
    return sheet;
  }

  @Override
  public List<Gate> gates() {
    return List.of();
  }
}
