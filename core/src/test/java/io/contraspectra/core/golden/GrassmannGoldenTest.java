package io.contraspectra.core.golden;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.manifold.DormandPrince;
import io.contraspectra.core.manifold.ExactFlow;
import io.contraspectra.core.manifold.FlowMethod;
import io.contraspectra.core.manifold.SteppedFlow;
import io.contraspectra.core.manifold.Stiefel;
import io.contraspectra.core.manifold.Subspaces;
import io.contraspectra.core.manifold.TraceObjective;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.operator.Eigensolver;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Flows of {@code −tr(WᵀCW)} against 60-digit arithmetic and an independent program; tolerances of the manifest. */
class GrassmannGoldenTest {

  private static final List<String> CASES = List.of("c0", "c1", "c2", "c3");
  private static final double PROJECTOR = 1e-10;
  private static final double FRAME = 1e-9;
  private static final double ONE_STEP = 1e-12;
  private static final Map<String, FlowMethod> METHODS = Map.of("qr", FlowMethod.QR, "polar", FlowMethod.POLAR, "geo",
      FlowMethod.GEODESIC, "oja", FlowMethod.OJA, "o2", FlowMethod.SECOND_ORDER);

  /** One case of the file on one backend. */
  private record Case(Golden golden, String name, Backend backend) {

    Matrix matrix(String array) {
      return golden.matrix(name + "_" + array, backend);
    }

    double[] doubles(String array) {
      return golden.doubles(name + "_" + array);
    }

    /** Slice i of an array of three axes. */
    double[] slice(String array, int i, int size) {
      return Arrays.copyOfRange(doubles(array), i * size, (i + 1) * size);
    }
  }

  @EveryBackend
  void exactFlow(Backend backend) {
    everyCase(backend, (test, objective, start) -> {
      double[] times = test.doubles("times");
      int d = (int) start.rows();
      int z = (int) start.cols();
      int frames = test.doubles("Wpolar").length / (d * z);
      try (Matrix top = test.matrix("Ptop"); var flow = new ExactFlow(objective, start)) {
        for (int i = 0; i < times.length; i++) {
          flow.advanceTo(times[i]);
          assertFrame(test, flow.frame(), i < frames ? test.slice("Wpolar", i, d * z) : null);
          assertProjector(test, flow.frame(), test.slice("P", i, d * d));
          assertEquals(test.doubles("obj")[i], flow.objective(), PROJECTOR * Math.abs(test.doubles("obj")[i]));
          if (i < 6) {
            assertArrayEquals(test.slice("angles_to_top", i, z),
                Subspaces.compare(backend, flow.frame(), top).principalAngles(), PROJECTOR, test.name() + " " + i);
          }
        }
      }
    });
  }

  @EveryBackend
  void oneShotAndWayStationsGiveTheSameFrame(Backend backend) {
    everyCase(backend, (test, objective, start) -> {
      double[] times = test.doubles("times");
      try (var stations = new ExactFlow(objective, start)) {
        for (int i = 1; i < times.length; i++) {
          stations.advanceTo(times[i]);
          try (var direct = new ExactFlow(objective, start)) {
            direct.advanceTo(times[i]);
            assertEquals(0, backend.distance(direct.frame(), stations.frame()), 1e-9, test.name() + " " + times[i]);
          }
        }
      }
    });
  }

  @EveryBackend
  void differentialEquation(Backend backend) {
    everyCase(backend, (test, objective, start) -> {
      try (Matrix small = backend.zeros(DType.F64, start.cols(), start.cols());
          Matrix expected = test.matrix("Whoriz_t3");
          var solver = new DormandPrince(backend, (w, dw) -> {
            objective.gradient(w, dw);
            backend.gemm(YES, NO, 1, w, dw, 0, small);
            backend.gemm(NO, NO, -1, w, small, 1, dw);
            backend.scale(-1, dw);
          }, start, 1e-13)) {
        solver.advanceTo(test.doubles("times")[3]);
        assertEquals(0, backend.distance(expected, solver.state()), FRAME, test.name());
      }
    });
  }

  @EveryBackend
  void eigenvaluesAndObjectiveOfSamples(Backend backend) {
    everyCase(backend, (test, objective, start) -> {
      try (var pairs = Eigensolver.full(backend, objective.symmetric())) {
        assertArrayEquals(test.doubles("eig_desc"), pairs.values().toArray(), 1e-12, test.name());
      }
      if (!test.golden().has(test.name() + "_X")) {
        return;
      }
      try (Matrix x = test.matrix("X"); Matrix xp = test.matrix("Xp"); var samples = ofSamples(test, x, xp)) {
        assertEquals(0, backend.distance(objective.symmetric(), samples.symmetric()), 1e-12, test.name());
      }
    });
  }

  private static TraceObjective ofSamples(Case test, Matrix x, Matrix xp) {
    if (!test.golden().has(test.name() + "_Xm")) {
      return TraceObjective.nonContrastive(test.backend(), x, xp);
    }
    try (Matrix xm = test.matrix("Xm")) {
      return TraceObjective.contrastive(test.backend(), x, xp, xm);
    }
  }

  @EveryBackend
  void steps(Backend backend) {
    everyCase(backend, (test, objective, start) -> {
      for (String rate : List.of("e0", "e1")) {
        double eta = test.doubles(rate + "_eta")[0];
        METHODS.forEach((name, method) -> {
          String prefix = rate + "_" + name;
          try (var flow = new SteppedFlow(objective, start, method, eta)) {
            flow.step();
            assertClose(test, prefix + "_W1", flow.frame().toArray(), ONE_STEP);
            flow.advanceTo(25 * eta);
            assertClose(test, prefix + "_W25", flow.frame().toArray(), PROJECTOR);
            assertProjector(test, flow.frame(), test.doubles(prefix + "_P25"));
          }
        });
      }
    });
  }

  private static void assertFrame(Case test, Matrix frame, double[] expected) {
    assertTrue(Stiefel.defect(test.backend(), frame) <= 1e-13, test.name() + " is orthonormal");
    if (expected != null) {
      assertArrayEquals(expected, frame.toArray(), FRAME, test.name());
    }
  }

  private static void assertProjector(Case test, Matrix frame, double[] expected) {
    try (Matrix p = Stiefel.projector(test.backend(), frame)) {
      assertArrayEquals(expected, p.toArray(), PROJECTOR, test.name());
    }
  }

  private static void assertClose(Case test, String array, double[] actual, double tolerance) {
    test.golden().assertClose(test.name() + "_" + array, actual, tolerance);
  }

  /** What is checked on a case. */
  private interface Check {
    void run(Case test, TraceObjective objective, Matrix start);
  }

  private static void everyCase(Backend backend, Check check) {
    try (Golden golden = Golden.open("dyn/shared-grassmann")) {
      for (String name : CASES) {
        var test = new Case(golden, name, backend);
        try (Matrix c = test.matrix("C"); Matrix start = test.matrix("W0");
            var objective = TraceObjective.of(backend, c)) {
          check.run(test, objective, start);
        }
      }
    }
  }
}
