package io.contraspectra.core.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.golden.Golden;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import java.util.List;
import java.util.Optional;

/** The min player's closed forms at given distances, against an independent program; tolerance of the manifest. */
class MinPlayerGoldenTest {

  private static final double TOLERANCE = 1e-10;
  private static final int N = 6;

  @EveryBackend
  void importanceOfGivenDistances(Backend backend) {
    try (Golden golden = Golden.open("dyn/shared-minplayer")) {
      for (String name : List.of("c0", "c1")) {
        for (String temperature : List.of("t0", "t1", "t2")) {
          check(golden, name, name + "_" + temperature + "_", backend);
        }
      }
    }
  }

  private static void check(Golden golden, String name, String prefix, Backend backend) {
    double tau = golden.number(prefix + "tau");
    double[] budget = golden.doubles(name + "_budget");
    double[] entropy = weigh(golden, name, new EntropyImportance(tau, 1), backend);
    golden.assertClose(prefix + "entropy_simplex", entropy, TOLERANCE);
    for (int i = 0; i < N; i++) {
      double[] ofBudget = weigh(golden, name, new EntropyImportance(tau, budget[i]), backend);
      System.arraycopy(ofBudget, i * N, entropy, i * N, N);
    }
    golden.assertClose(prefix + "entropy", entropy, TOLERANCE);
    golden.assertClose(prefix + "square", weigh(golden, name, new SquareImportance(tau, 1), backend), TOLERANCE);
    for (String gamma : List.of("0.5", "2", "4")) {
      double g = Double.parseDouble(gamma);
      golden.assertClose(prefix + "inverse_g" + gamma,
          weigh(golden, name, new InverseImportance(tau, 1, g, false), backend), TOLERANCE);
      golden.assertClose(prefix + "inversefix_g" + gamma,
          weigh(golden, name, new InverseImportance(tau, 1, g, true), backend), TOLERANCE);
    }
    for (String p : List.of("1", "2", "4", "8")) {
      for (String e : List.of("0", "0.1")) {
        var direct = new DirectImportance(Double.parseDouble(p), tau, Double.parseDouble(e));
        golden.assertClose(prefix + "direct_p" + p + "_e" + e, weigh(golden, name, direct, backend), TOLERANCE);
      }
    }
    levels(golden, name, prefix, tau);
  }

  private static void levels(Golden golden, String name, String prefix, double tau) {
    double[] d2 = golden.doubles(name + "_D2");
    for (int i = 0; i < N; i++) {
      var row = new double[N - 1];
      for (int j = 0, at = 0; j < N; j++) {
        if (j != i) {
          row[at++] = d2[i * N + j];
        }
      }
      double level = SquareImportance.level(row.clone(), row.length, tau, 1);
      assertEquals(golden.doubles(prefix + "square_mu")[i], level, TOLERANCE);
      for (String gamma : List.of("0.5", "2", "4")) {
        double expected = golden.doubles(prefix + "inverse_g" + gamma + "_lam")[i];
        double offset = InverseImportance.offset(row, row.length, tau, 1, Double.parseDouble(gamma));
        assertEquals(expected, offset, TOLERANCE * Math.max(1, Math.abs(expected)));
      }
    }
  }

  /** The importance of the file's distances, with d_i² = 1 wherever advantages are wanted. */
  private static double[] weigh(Golden golden, String name, Importance importance, Backend backend) {
    try (Matrix distances = golden.matrix(name + "_D2", backend);
        Matrix mask = golden.matrix(name + "_mask", backend);
        Workspace workspace = backend.workspace(1 << 16)) {
      Matrix padded = workspace.matrix(DType.F64, N, N + 1);
      Matrix ones = column(backend, workspace);
      var block = new PairBlock(backend, 0, padded, workspace.matrix(DType.F64, N, N), ones,
          column(backend, workspace), column(backend, workspace), ones,
          new Negatives("test", backend, workspace, DType.F64, N, false, N, Optional.of(mask)), new HostPairs());
      backend.copy(distances, block.pairs());
      if (!importance.ofDistances()) {
        backend.scale(-1, block.pairs());
        backend.shift(1, block.pairs());
      }
      importance.weigh(block);
      return block.pairs().toArray();
    }
  }

  private static Matrix column(Backend backend, Workspace workspace) {
    Matrix column = workspace.matrix(DType.F64, N, 1);
    backend.fill(1, column);
    return column;
  }
}
