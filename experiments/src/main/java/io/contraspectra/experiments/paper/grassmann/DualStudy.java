package io.contraspectra.experiments.paper.grassmann;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.manifold.ExactFlow;
import io.contraspectra.core.manifold.KernelFlow;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.manifold.TraceObjective;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Gate.Bound;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import java.util.List;
import java.util.random.RandomGenerator;

/** G8: the flow of a readout of random features is known by kernels alone (grassmann.md 6). */
final class DualStudy implements Study {

  private static final int SAMPLES = 20;
  private static final int WIDTH = 300;
  private static final int OUTPUTS = 2;
  private static final double[] SCALED_TIMES = {0.5, 2, 8, 30, 200};
  private static final String GRAM = "relative distance of the Grams of dual and primal flow";

  @Override
  public String name() {
    return "dual";
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    try (Views views = Views.synthetic(backend, SAMPLES, random);
        Features features = Features.random(views, WIDTH, random);
        Matrix w0 = Stiefel.random(backend, DType.F64, WIDTH, OUTPUTS, random);
        TraceObjective objective = TraceObjective.contrastive(
            backend, features.part(0), features.part(1), features.part(2));
        var spectrum = new Spectrum(objective);
        Matrix f0 = features.outputs(w0);
        var primal = new ExactFlow(objective, w0);
        var dual = new KernelFlow(backend, features.kernel(), features.coupling(), f0)) {
      for (double time : SCALED_TIMES) {
        primal.advanceTo(time / spectrum.value(1));
        dual.advanceTo(time / spectrum.value(1));
        try (Matrix f = features.outputs(primal.frame())) {
          sheet.largest(GRAM, gramDistance(backend, f, dual.outputs()));
        }
      }
    }
    return sheet;
  }

  private static double gramDistance(Backend backend, Matrix f, Matrix other) {
    try (Matrix gram = backend.zeros(DType.F64, f.rows(), f.rows());
        Matrix otherGram = backend.zeros(DType.F64, f.rows(), f.rows())) {
      backend.gemm(NO, YES, 1, f, f, 0, gram);
      backend.gemm(NO, YES, 1, other, other, 0, otherGram);
      return backend.distance(gram, otherGram) / backend.norm(gram);
    }
  }

  @Override
  public List<Gate> gates() {
    return List.of(Gate.of("grassmann:G8", "The flow of an orthonormal readout of fixed features needs their kernel"
        + " alone, at all times up to 200/λ_1.", Bound.atMost(GRAM, 1e-9)));
  }
}
