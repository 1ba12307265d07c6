package io.contraspectra.core.manifold;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.Eigensolver;
import io.contraspectra.core.random.RandomStreams;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The claims of grassmann.md 9 that are exact, for both losses and seeds 0 to 4: G1 to G5 and G12. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GrassmannDynamicsTest {

  private static final int D = SyntheticViews.D;
  private static final int Z = 4;

  private Backend backend;

  @BeforeAll
  void open() {
    backend = TestBackend.CPU_VECTOR.open();
  }

  @AfterAll
  void close() {
    backend.close();
  }

  /** What is checked for every seed and both losses. */
  private interface Check {
    void run(SyntheticViews views, TraceObjective objective, Matrix start);
  }

  private void everySeed(boolean contrastive, int z, Check check) {
    for (long seed = 0; seed < 5; seed++) {
      try (var views = SyntheticViews.of(backend, seed);
          var objective = views.objective(contrastive);
          Matrix start = Stiefel.random(backend, DType.F64, D, z, RandomStreams.of(seed).named("W0"))) {
        check.run(views, objective, start);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void lossAndGradient(boolean contrastive) {
    everySeed(contrastive, Z, (views, objective, start) -> {
      double loss = lossOfSamples(views, contrastive, start);
      assertEquals(loss, objective.value(start), 1e-12 * Math.abs(loss));
      try (Matrix gradient = backend.zeros(DType.F64, D, Z)) {
        objective.gradient(start, gradient);
        double[] expected = gradient.toArray();
        double[] at = start.toArray();
        for (int i = 0; i < at.length; i++) {
          double h = 1e-5;
          double numeric = (valueAt(objective, at, i, h) - valueAt(objective, at, i, -h)) / (2 * h);
          assertEquals(numeric, expected[i], 1e-7);
        }
      }
    });
  }

  private double valueAt(TraceObjective objective, double[] at, int i, double h) {
    double[] moved = at.clone();
    moved[i] += h;
    try (Matrix w = backend.matrix(D, Z, moved)) {
      return objective.value(w);
    }
  }

  /** Sample by sample, as the losses are defined. */
  private double lossOfSamples(SyntheticViews views, boolean contrastive, Matrix w) {
    double[] f = outputs(views.x(), w);
    double[] p = outputs(views.positives(), w);
    double[] q = outputs(views.negatives(), w);
    double sum = 0;
    for (int i = 0; i < f.length; i++) {
      sum += f[i] * ((contrastive ? q[i] : 0) - p[i]);
    }
    return sum / views.x().rows();
  }

  private double[] outputs(Matrix x, Matrix w) {
    try (Matrix f = backend.zeros(DType.F64, x.rows(), w.cols())) {
      backend.gemm(NO, NO, 1, x, w, 0, f);
      return f.toArray();
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void closedFormSolvesTheDifferentialEquation(boolean contrastive) {
    everySeed(contrastive, Z, (_, objective, start) -> {
      try (Matrix small = backend.zeros(DType.F64, Z, Z);
          var solver = new DormandPrince(backend, (w, dw) -> {
            objective.gradient(w, dw);
            backend.gemm(YES, NO, 1, w, dw, 0, small);
            backend.gemm(NO, NO, 1, w, small, -1, dw);
          }, start, 1e-12);
          var flow = new ExactFlow(objective, start)) {
        double before = flow.objective();
        for (double time : new double[] {0.1, 0.3, 1, 2}) {
          solver.advanceTo(time);
          flow.advanceTo(time);
          assertTrue(projectorDistance(solver.state(), flow.frame()) <= 1e-9, "time " + time);
          assertTrue(flow.objective() < before, "the objective decreases");
          before = flow.objective();
        }
      }
    });
  }

  private double projectorDistance(Matrix w1, Matrix w2) {
    try (Matrix p1 = Stiefel.projector(backend, w1); Matrix p2 = Stiefel.projector(backend, w2)) {
      return backend.distance(p1, p2);
    }
  }

  @ParameterizedTest
  @CsvSource({"QR, 0.95, 1.05", "POLAR, 0.95, 1.05", "GEODESIC, 0.95, 1.05", "OJA, 0.95, 1.05",
      "SECOND_ORDER, 1.9, 2.1"})
  void orderOfConvergence(FlowMethod method, double least, double most) {
    for (boolean contrastive : new boolean[] {true, false}) {
      everySeed(contrastive, Z, (_, objective, start) -> {
        double order = Math.log(error(objective, start, method, 512) / error(objective, start, method, 1024))
            / Math.log(2);
        assertTrue(order >= least && order <= most, method + ": order " + order);
      });
    }
  }

  private double error(TraceObjective objective, Matrix start, FlowMethod method, int steps) {
    double time = 0.7;
    try (var exact = new ExactFlow(objective, start);
        var stepped = new SteppedFlow(objective, start, method, time / steps)) {
      exact.advanceTo(time);
      stepped.advanceTo(time);
      return projectorDistance(exact.frame(), stepped.frame());
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void qrAndPolarReachTheSameSubspace(boolean contrastive) {
    everySeed(contrastive, Z, (_, objective, start) -> {
      try (var qr = new SteppedFlow(objective, start, FlowMethod.QR, 0.05);
          var polar = new SteppedFlow(objective, start, FlowMethod.POLAR, 0.05)) {
        for (int step = 0; step < 100; step++) {
          qr.step();
          polar.step();
        }
        assertTrue(projectorDistance(qr.frame(), polar.frame()) <= 1e-12);
      }
    });
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void tangentOfTheLargestAngleFallsWithTheGap(boolean contrastive) {
    everySeed(contrastive, Z, (_, objective, start) -> {
      try (var pairs = Eigensolver.full(backend, objective.symmetric());
          Matrix top = backend.zeros(DType.F64, D, Z);
          var flow = new ExactFlow(objective, start)) {
        double[] values = pairs.values().toArray();
        double gap = values[Z - 1] - values[Z];
        backend.transpose(pairs.vectors().rowRange(0, Z), top);
        double first = tangent(start, top);
        double previous = Double.NaN;
        for (int i = 1; i <= 20; i++) {
          flow.advanceTo(i * 0.75 / gap);
          double now = tangent(flow.frame(), top);
          assertTrue(now <= Math.exp(-i * 0.75) * first * (1 + 1e-9), "the bound holds at step " + i);
          if (i == 20) {
            assertEquals(1, Math.log(previous / now) / 0.75, 0.01, "slope over gap");
          }
          previous = now;
        }
      }
    });
  }

  private double tangent(Matrix w, Matrix top) {
    return Math.tan(Subspaces.compare(backend, w, top).largestAngle());
  }

  @ParameterizedTest
  @CsvSource({"1.9", "2.3"})
  void stepsBelowTwoOverTheSpreadConverge(double factor) {
    everySeed(true, Z, (_, objective, start) -> {
      try (var pairs = Eigensolver.full(backend, objective.symmetric());
          Matrix top = backend.zeros(DType.F64, D, Z)) {
        double[] values = pairs.values().toArray();
        backend.transpose(pairs.vectors().rowRange(0, Z), top);
        double eta = factor / (values[0] - values[D - 1]);
        try (var flow = new SteppedFlow(objective, start, FlowMethod.QR, eta)) {
          flow.advanceTo(4000 * eta);
          double distance = projectorDistance(flow.frame(), top);
          assertTrue(factor < 2 ? distance < 1e-8 : distance > 1e-2, factor + " ends at distance " + distance);
        }
      }
    });
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void geodesicsStayOnTheManifold(boolean contrastive) {
    everySeed(contrastive, Z, (_, objective, start) -> {
      for (FlowMethod method : List.of(FlowMethod.GEODESIC, FlowMethod.POLAR)) {
        try (var flow = new SteppedFlow(objective, start, method, 0.02)) {
          flow.advanceTo(2500 * 0.02);
          assertTrue(Stiefel.defect(backend, flow.frame()) <= 1e-12, method + " stays orthonormal");
        }
      }
    });
  }
}
