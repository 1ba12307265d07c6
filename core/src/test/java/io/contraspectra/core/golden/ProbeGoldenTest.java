package io.contraspectra.core.golden;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.evaluate.LinearClassifier;
import io.contraspectra.core.evaluate.LinearProbes;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Arrays;

class ProbeGoldenTest {

  /** Linear probes on golden embeddings, up to the rotation that a ridge probe does not see. */
  @EveryBackend
  void goldenProbeScores(Backend backend) {
    try (Golden golden = Golden.open("spec/shared-downstream");
        Matrix x = golden.matrix("X", backend);
        Matrix test = golden.matrix("Xtest", backend)) {
      double[] labelled = golden.doubles("labelled");
      double[] y = golden.doubles("y");
      var labels = new int[labelled.length];
      for (String method : new String[] {"vic_small", "vic_large", "simclr", "bt"}) {
        try (Matrix w = root(backend, golden, method + "_WWt");
            Matrix rows = backend.zeros(DType.F64, labelled.length, x.cols());
            Matrix z = backend.zeros(DType.F64, labelled.length, x.cols());
            Matrix zTest = backend.zeros(DType.F64, test.rows(), x.cols())) {
          for (int i = 0; i < labels.length; i++) {
            labels[i] = (int) y[(int) labelled[i]];
            backend.copy(x.rowRange((long) labelled[i], 1), rows.rowRange(i, 1));
          }
          product(backend, rows, w, z);
          product(backend, test, w, zTest);
          double penalty = golden.number("rho") * labels.length;
          try (LinearClassifier probe = LinearProbes.ridge(backend, z, labels, penalty);
              Matrix scores = probe.scores(zTest)) {
            golden.assertClose(method + "_pred", scores, 1e-8);
            double[] truth = golden.doubles("ytest");
            int[] right = Arrays.stream(truth).mapToInt(label -> (int) label).toArray();
            assertEquals(golden.number(method + "_err"), 1 - probe.accuracy(zTest, right), 1e-12);
          }
        }
      }
    }
  }

  /** The symmetric square root of a golden Gram of weights. */
  private static Matrix root(Backend backend, Golden golden, String array) {
    try (Matrix vectors = golden.matrix(array, backend);
        Matrix values = backend.zeros(DType.F64, 1, vectors.cols());
        Matrix column = backend.zeros(DType.F64, vectors.rows(), 1);
        Matrix scaled = backend.zeros(DType.F64, vectors.rows(), vectors.cols())) {
      backend.eigh(vectors, values);
      double[] roots = values.toArray();
      for (int i = 0; i < roots.length; i++) {
        roots[i] = Math.sqrt(Math.max(0, roots[i]));
      }
      column.copyFrom(roots);
      backend.multiplyColumn(column, vectors, scaled);
      Matrix root = backend.zeros(DType.F64, vectors.rows(), vectors.cols());
      backend.gemm(YES, NO, 1, vectors,
          scaled, 0, root);
      return root;
    }
  }

  private static void product(Backend backend, Matrix a, Matrix b, Matrix c) {
    backend.gemm(NO, NO, 1, a, b, 0, c);
  }
}
