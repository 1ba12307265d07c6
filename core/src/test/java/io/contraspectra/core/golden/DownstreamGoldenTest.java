package io.contraspectra.core.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.graph.Relations;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.spectral.BarlowTwins;
import io.contraspectra.core.spectral.Embedding;
import io.contraspectra.core.spectral.SquaredSimClr;
import io.contraspectra.core.spectral.VicReg;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Linear encoders of a partly wrong relation and what a probe makes of them (spectral.md 7). */
class DownstreamGoldenTest {

  private static final double TOLERANCE = 1e-8;
  private static final int INPUTS = 8;

  @EveryBackend
  void encodersAndProbes(Backend backend) {
    try (Golden golden = Golden.open("spec/shared-downstream"); Matrix x = golden.matrix("X", backend)) {
      int[] y = ints(golden.doubles("y"));
      RelationGraph graph = Relations.labels(y).interpolatedWith(golden.number("m"),
          Relations.labels(ints(golden.doubles("other"))));
      try (Matrix g = graph.toMatrix(backend, DType.F64)) {
        golden.assertClose("G", g, TOLERANCE);
      }
      double[] gammas = golden.doubles("gammas");
      try (Embedding small = new VicReg(1, 1, gammas[0], 0).linear(backend, x, graph, INPUTS);
          Embedding large = new VicReg(1, 1, gammas[1], 0).linear(backend, x, graph, INPUTS);
          Embedding simclr = SquaredSimClr.linear(backend, x, graph, INPUTS, true);
          Embedding bt = BarlowTwins.linearUnnormalised(backend, x, graph, INPUTS)) {
        golden.assertClose("lambda", small.values(), TOLERANCE);
        golden.assertClose("theta", simclr.values(), TOLERANCE);
        check(golden, "vic_small", small, 1);
        check(golden, "vic_large", large, 1);
        // The reference scales these by the root of N as well.
        check(golden, "simclr", simclr, Math.sqrt(x.rows()));
        check(golden, "bt", bt, Math.sqrt(x.rows()));
      }
    }
  }

  private static void check(Golden golden, String name, Embedding z, double factor) {
    double[][] w = scaled(Dense.rows(z.map().orElseThrow().weights().toArray(), INPUTS), factor);
    golden.assertClose(name + "_WWt", Dense.flat(Dense.gram(w)), TOLERANCE);
    double largest = Arrays.stream(z.gains()).max().orElseThrow();
    // Columns of barlow twins grow where eigenvalues fall: there a gain of 0 is what vanishes.
    long rank = Arrays.stream(z.gains()).filter(gain -> gain > 1e-6 * Math.min(largest, 1)).count();
    assertEquals(golden.number(name + "_rank"), rank, name);

    double[][] x = Dense.rows(golden.doubles("X"), INPUTS);
    int[] y = ints(golden.doubles("y"));
    double[][] train = Dense.product(x, w);
    double[][] test = Dense.product(Dense.rows(golden.doubles("Xtest"), INPUTS), w);
    double[][] prediction = probe(golden, train, y, test);
    golden.assertClose(name + "_pred", Dense.flat(prediction), TOLERANCE);
    int[] truth = ints(golden.doubles("ytest"));
    long wrong = IntStream.range(0, truth.length).filter(i -> argmax(prediction[i]) != truth[i]).count();
    assertEquals(golden.number(name + "_err"), (double) wrong / truth.length, 1e-12);
    golden.assertClose(name + "_train_resid", new double[] {residual(z, y)}, TOLERANCE);
  }

  /** Ridge regression of centred one-hot labels on the labelled points. */
  private static double[][] probe(Golden golden, double[][] train, int[] y, double[][] test) {
    int[] labelled = ints(golden.doubles("labelled"));
    double[][] z = Arrays.stream(labelled).mapToObj(i -> train[i]).toArray(double[][]::new);
    double[][] targets = oneHot(Arrays.stream(labelled).map(i -> y[i]).toArray());
    double[][] centred = Dense.centred(z);
    double[][] normal = Dense.product(Dense.transpose(centred), centred);
    for (int i = 0; i < normal.length; i++) {
      normal[i][i] += golden.number("rho") * labelled.length;
    }
    double[][] weights = Dense.solve(normal, Dense.product(Dense.transpose(centred), Dense.centred(targets)));
    double[] means = Dense.means(z);
    double[][] moved = Arrays.stream(test).map(row -> IntStream.range(0, row.length)
        .mapToDouble(j -> row[j] - means[j]).toArray()).toArray(double[][]::new);
    double[] offset = Dense.means(targets);
    double[][] prediction = Dense.product(moved, weights);
    for (double[] row : prediction) {
      for (int c = 0; c < row.length; c++) {
        row[c] += offset[c];
      }
    }
    return prediction;
  }

  /** {@code ‖(I − P_Z) H Y‖²} on the dimensions that did not collapse. */
  private static double residual(Embedding z, int[] y) {
    double[][] points = Dense.rows(z.points().toArray(), INPUTS);
    int[] alive = IntStream.range(0, INPUTS).filter(k -> z.gains()[k] > 1e-6).toArray();
    double[][] kept = Arrays.stream(points).map(row -> Arrays.stream(alive).mapToDouble(k -> row[k]).toArray())
        .toArray(double[][]::new);
    double[][] targets = Dense.centred(oneHot(y));
    double[][] fitted = Dense.product(Dense.projector(kept), targets);
    double sum = 0;
    for (int i = 0; i < targets.length; i++) {
      for (int c = 0; c < targets[i].length; c++) {
        sum += (targets[i][c] - fitted[i][c]) * (targets[i][c] - fitted[i][c]);
      }
    }
    return sum;
  }

  private static double[][] oneHot(int[] y) {
    int classes = Arrays.stream(y).max().orElseThrow() + 1;
    return Arrays.stream(y).mapToObj(label -> IntStream.range(0, classes).mapToDouble(c -> c == label ? 1 : 0)
        .toArray()).toArray(double[][]::new);
  }

  private static int argmax(double[] row) {
    return IntStream.range(0, row.length).reduce(0, (a, b) -> row[b] > row[a] ? b : a);
  }

  private static double[][] scaled(double[][] w, double factor) {
    return Arrays.stream(w).map(row -> DoubleStream.of(row).map(v -> factor * v).toArray()).toArray(double[][]::new);
  }

  private static int[] ints(double[] values) {
    return DoubleStream.of(values).mapToInt(v -> (int) v).toArray();
  }
}
