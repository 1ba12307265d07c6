package io.contraspectra.experiments.paper.spectral;

import static io.contraspectra.core.backend.Transpose.NO;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.core.spectral.BarlowTwins;
import io.contraspectra.core.spectral.Cca;
import io.contraspectra.core.spectral.Embedding;
import io.contraspectra.core.spectral.SpectralContrastive;
import io.contraspectra.core.spectral.SquaredSimClr;
import io.contraspectra.core.spectral.VicReg;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.paper.spectral.Descent.Unique;
import io.contraspectra.experiments.paper.spectral.Relation.Centring;
import java.util.List;
import java.util.random.RandomGenerator;

/** S4: the same losses of linear encoders {@code Z = XW} end at closed-form weights (spectral.md 5). */
final class EncoderStudy implements Study {

  static final String FAMILY = "linear encoders";
  private static final int OUTPUTS = 4;
  private static final int VIEW_OUTPUTS = 2;
  private static final double VIEW_NOISE = 0.7;

  @Override
  public String name() {
    return "encoders";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    var descent = new Descent(backend, random, sheet, FAMILY);
    try (Relation relation = Relation.ofNeighbours(backend, random)) {
      vicReg(relation, descent);
      factorisations(relation, descent);
      barlowTwins(relation, descent);
      twoViews(relation, random, descent);
    }
    return sheet;
  }

  private static void vicReg(Relation r, Descent descent) {
    double last;
    try (Embedding modes = new VicReg(1, 1, 1, 0).linear(r.backend(), r.x(), r.graph(), OUTPUTS)) {
      last = modes.values()[OUTPUTS - 1];
    }
    for (double[] weights : new double[][] {{1, 1, 0.5, 0}, {1, 3, 0.5, 1}, {4, 1, 2, 0}}) {
      double gamma = weights[2] / last;
      int ddof = (int) weights[3];
      try (Embedding form = new VicReg(weights[0], weights[1], gamma, ddof)
              .linear(r.backend(), r.x(), r.graph(), OUTPUTS);
          MomentLoss loss = MomentLoss.vicReg(r, weights[0], weights[1], gamma, ddof).ofEncoder(r)) {
        descent.weights(loss, form, Unique.GRAM);
      }
    }
    try (Embedding form = new VicReg(1, 1, 0.6, 0).linearDegreeWeighted(r.backend(), r.x(), r.graph(), OUTPUTS);
        MomentLoss loss = MomentLoss.degreeVicReg(r, 1, 1, 0.6).ofEncoder(r)) {
      descent.weights(loss, form, Unique.GRAM);
    }
  }

  private static void factorisations(Relation r, Descent descent) {
    for (boolean centred : new boolean[] {false, true}) {
      try (Embedding form = SquaredSimClr.linear(r.backend(), r.x(), r.graph(), OUTPUTS, centred);
          MomentLoss loss = MomentLoss.simClr(r, centred ? Centring.PLAIN : Centring.NONE).ofEncoder(r)) {
        descent.weights(loss, form, Unique.GRAM);
      }
    }
    try (Embedding form = SpectralContrastive.linear(r.backend(), r.x(), r.graph(), OUTPUTS);
        MomentLoss loss = MomentLoss.spectralContrastive(r).ofEncoder(r)) {
      descent.weights(loss, form, Unique.GRAM);
    }
  }

  private static void barlowTwins(Relation r, Descent descent) {
    try (Embedding form = BarlowTwins.linearUnnormalised(r.backend(), r.x(), r.graph(), OUTPUTS);
        MomentLoss loss = MomentLoss.barlowTwins(r).ofEncoder(r)) {
      descent.weights(loss, form, Unique.VALUE);
    }
    try (Embedding form = BarlowTwins.linearConstrained(r.backend(), r.x(), r.graph(), OUTPUTS);
        var loss = new ConstrainedBarlow(r.backend(), r.ofEncoder(r.adjacency(1, Centring.NONE)),
            r.ofEncoder(r.degrees(1, false)))) {
      descent.weights(loss, form, Unique.SPAN);
    }
  }

  /** The second view: a random map of the first one, and noise. */
  private static void twoViews(Relation r, RandomGenerator random, Descent descent) {
    Backend backend = r.backend();
    int inputs = Relation.INPUTS - 1;
    try (Matrix map = backend.matrix(Relation.INPUTS, inputs, RandomDraws.gaussian(random, Relation.INPUTS * inputs));
        Matrix b = backend.matrix(r.samples(), inputs, RandomDraws.gaussian(random, r.samples() * inputs))) {
      backend.gemm(NO, NO, 1, r.x(), map, VIEW_NOISE * Math.sqrt(Relation.INPUTS), b);
      r.centre(b, Centring.PLAIN);
      try (Cca.Pair form = Cca.vicReg(backend, r.x(), b, VIEW_OUTPUTS, 1.5, 0.8);
          MomentLoss loss = MomentLoss.twoViews(backend, r.x(), b, 1.5, 0.8);
          Matrix both = backend.zeros(DType.F64, Relation.INPUTS + inputs, VIEW_OUTPUTS)) {
        backend.copy(form.first().map().orElseThrow().weights(), both.rowRange(0, Relation.INPUTS));
        backend.copy(form.second().map().orElseThrow().weights(), both.rowRange(Relation.INPUTS, inputs));
        descent.compare(loss, both, form.first().optimum().orElseThrow(), Unique.GRAM, _ -> { });
      }
    }
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gates.reachedWithSpans("spectral:S4", "In the linear regime descent in the weights ends at"
        + " the closed-form weights of VICReg (of one relation and of two views), of SimCLR and of Barlow Twins.",
        FAMILY));
  }
}
