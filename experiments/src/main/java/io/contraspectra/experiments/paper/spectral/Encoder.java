package io.contraspectra.experiments.paper.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.spectral.BarlowTwins;
import io.contraspectra.core.spectral.Embedding;
import io.contraspectra.core.spectral.SquaredSimClr;
import io.contraspectra.core.spectral.VicReg;
import java.util.Arrays;
import java.util.Locale;

/**
 * An optimal linear encoder of a task's samples, its outputs scaled as in spectral.md 7: second moments of 1 before the
 * method's own gains. Close it.
 *
 * @param form the closed form
 * @param factor what its outputs are multiplied by
 * @param least eigenvalues of this part of the largest or less do not count
 */
record Encoder(Embedding form, double factor, double least) implements AutoCloseable {

  private static final double POSITIVE = 1e-6;

  /** The methods: VICReg with its weight of invariance gamma (alpha = beta = 1), SimCLR, Barlow Twins. */
  enum Method {
    VICREG_001(0.01), VICREG_05(0.5), VICREG_09(0.9), VICREG_099(0.99), VICREG_105(1.05), VICREG_2(2), SIMCLR(0),
    BARLOW_TWINS(0);

    private final double gamma;

    Method(double gamma) {
      this.gamma = gamma;
    }

    /** The weight of VICReg's invariance; 0 for the others. */
    double gamma() {
      return gamma;
    }

    String label() {
      return switch (this) {
        case SIMCLR -> "SimCLR";
        case BARLOW_TWINS -> "Barlow Twins";
        default -> String.format(Locale.ROOT, "VICReg %s", gamma);
      };
    }

    /** As many dimensions as inputs; those without a gain are zero. */
    Encoder fit(Task task, RelationGraph graph) {
      Backend backend = task.backend();
      int k = (int) task.train().cols();
      double root = Math.sqrt(task.train().rows());
      return switch (this) {
        case SIMCLR -> new Encoder(SquaredSimClr.linear(backend, task.train(), graph, k, true), root, POSITIVE);
        case BARLOW_TWINS ->
            new Encoder(BarlowTwins.linearUnnormalised(backend, task.train(), graph, k), root, POSITIVE);
        default -> new Encoder(new VicReg(1, 1, gamma, 0).linear(backend, task.train(), graph, k), 1, -1);
      };
    }
  }

  /** The weights with their scale, zero where the eigenvalue does not count; D x D, to be closed by the caller. */
  Matrix weights(Backend backend) {
    Matrix weights = backend.copyOf(form.map().orElseThrow().weights(), DType.F64);
    backend.scale(factor, weights);
    double floor = least * Arrays.stream(form.values()).max().orElse(0);
    for (int k = 0; k < form.values().length; k++) {
      if (form.values()[k] <= floor) {
        backend.fill(0, weights.block(0, k, weights.rows(), 1));
      }
    }
    return weights;
  }

  @Override
  public void close() {
    form.close();
  }
}
