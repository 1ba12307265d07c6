package io.contraspectra.core.ntk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Propagation;
import io.contraspectra.core.network.TestNetworks;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Closed forms against the iteration that they sum up, and against a wide network that is really trained. */
class NtkPredictionTest {

  private static final int N = 6;
  private static final int K = 2;
  private static final int OTHERS = 3;

  private static final Architecture NET = Architecture.ntk(Activation.ERF, 3, 8, K);

  @EveryBackend
  void descentIsTheIteration(Backend backend) {
    try (Network net = TestNetworks.gaussian(NET, backend, DType.F64, 1);
        Matrix x = TestNetworks.inputs(backend, DType.F64, N, 3, 2);
        Matrix z = TestNetworks.inputs(backend, DType.F64, OTHERS, 3, 3);
        Matrix y = TestNetworks.inputs(backend, DType.F64, N, K, 4);
        NtkPrediction prediction = NtkPrediction.of(net, x, y);
        Matrix theta = EmpiricalNtk.of(net).full(x); Matrix cross = EmpiricalNtk.of(net).cross(z, x);
        Matrix f = net.apply(x); Matrix g = net.apply(z)) {
      double rate = 0.3;
      double[] outputs = f.toArray();
      double[] others = g.toArray();
      for (int step = 0; step < 25; step++) {
        var errors = new double[N * K];
        Arrays.setAll(errors, i -> outputs[i] - y.get(i / K, i % K));
        move(theta, errors, rate / N, outputs);
        move(cross, errors, rate / N, others);
      }
      var training = new KernelTraining.Descent(rate, 25);
      try (Matrix found = prediction.outputs(training); Matrix elsewhere = prediction.outputs(training, cross, g)) {
        assertArrayEquals(outputs, found.toArray(), 1e-11);
        assertArrayEquals(others, elsewhere.toArray(), 1e-11);
      }
      double loss = 0;
      for (int i = 0; i < N * K; i++) {
        loss += Math.pow(outputs[i] - y.get(i / K, i % K), 2) / (2 * N);
      }
      assertEquals(loss, prediction.loss(training), 1e-12);
    }
  }

  /** {@code f −= rate Theta e}. */
  private static void move(Matrix theta, double[] errors, double rate, double[] f) {
    for (int i = 0; i < f.length; i++) {
      for (int j = 0; j < errors.length; j++) {
        f[i] -= rate * theta.get(i, j) * errors[j];
      }
    }
  }

  /** One kernel for all outputs is the full kernel {@code Theta ⊗ I}; the flow is the limit of small steps. */
  @EveryBackend
  void aSharedKernelServesEveryOutput(Backend backend) {
    var limit = new InfiniteNtk(Activation.RELU, 3, 1, 0.1);
    try (Matrix x = TestNetworks.inputs(backend, DType.F64, N, 3, 5);
        Matrix z = TestNetworks.inputs(backend, DType.F64, OTHERS, 3, 6);
        Matrix y = TestNetworks.inputs(backend, DType.F64, N, K, 7);
        Matrix f = TestNetworks.inputs(backend, DType.F64, N, K, 8);
        Matrix g = TestNetworks.inputs(backend, DType.F64, OTHERS, K, 9);
        var kernels = limit.kernels(backend, x); var between = limit.kernels(backend, z, x);
        Matrix full = backend.zeros(DType.F64, N * K, N * K);
        Matrix fullBetween = backend.zeros(DType.F64, OTHERS * K, N * K)) {
      backend.addKroneckerIdentity(kernels.ntk(), K, full);
      backend.addKroneckerIdentity(between.ntk(), K, fullBetween);
      var flow = new KernelTraining.Flow(7);
      var steps = new KernelTraining.Descent(7e-5, 100_000);
      try (NtkPrediction shared = NtkPrediction.of(backend, kernels.ntk(), f, y);
          NtkPrediction each = NtkPrediction.of(backend, full, f, y);
          Matrix a = shared.outputs(flow); Matrix b = each.outputs(flow); Matrix c = each.outputs(steps);
          Matrix d = shared.outputs(flow, between.ntk(), g); Matrix e = each.outputs(flow, fullBetween, g)) {
        assertArrayEquals(a.toArray(), b.toArray(), 1e-12);
        assertArrayEquals(a.toArray(), c.toArray(), 1e-3);
        assertArrayEquals(d.toArray(), e.toArray(), 1e-12);
        assertEquals(shared.loss(flow), each.loss(flow), 1e-12);
      }
    }
  }

  /** The wider the network, the nearer its training comes to the prediction: a hundredth at width 4096. */
  @EveryBackend
  void aWideNetworkTrainsAsPredicted(Backend backend) {
    Architecture wide = Architecture.ntk(Activation.ERF, 3, 4096, 1);
    double rate = 0.5;
    int steps = 10;
    try (Network net = TestNetworks.gaussian(wide, backend, DType.F64, 11);
        Matrix x = TestNetworks.inputs(backend, DType.F64, N, 3, 12);
        Matrix y = TestNetworks.inputs(backend, DType.F64, N, 1, 13);
        Matrix start = net.apply(x); NtkPrediction prediction = NtkPrediction.of(net, x, y);
        Network gradient = Network.zeros(wide, backend, DType.F64); Propagation batch = new Propagation(net, N);
        Matrix errors = backend.zeros(DType.F64, N, 1)) {
      for (int step = 0; step < steps; step++) {
        backend.copy(batch.forward(x), errors);
        backend.add(-1.0 / N, y, 1.0 / N, errors);
        batch.gradient(errors, gradient.parameters());
        backend.add(-rate, gradient.parameters().flat(), 1, net.parameters().flat());
      }
      try (Matrix predicted = prediction.outputs(new KernelTraining.Descent(rate, steps));
          Matrix trained = net.apply(x)) {
        double moved = backend.distance(trained, start);
        assertTrue(moved > 0.3);
        assertTrue(backend.distance(trained, predicted) <= 0.01 * moved);
      }
    }
  }

  @EveryBackend
  void labelsAreSharedOutAmongEigenvectors(Backend backend) {
    try (Matrix kernel = TestNetworks.inputs(backend, DType.F64, N, N, 14);
        Matrix labels = TestNetworks.inputs(backend, DType.F64, N, K, 15);
        Matrix own = backend.zeros(DType.F64, N, N); Matrix column = backend.zeros(DType.F64, N, 1)) {
      backend.syrk(Triangle.LOWER, Transpose.NO, 1, kernel,
          0, own);
      backend.mirror(Triangle.LOWER, own);
      try (EigenPairs pairs = Eigensolver.full(backend, own)) {
        double[] shares = NtkAlignment.shares(backend, pairs, labels);
        assertEquals(1, Arrays.stream(shares).sum(), 1e-12);
        // Labels that are an eigenvector belong to it alone.
        column.copyFrom(pairs.vectors().rowRange(2, 1).toArray());
        assertArrayEquals(new double[] {0, 0, 1, 0, 0, 0}, NtkAlignment.shares(backend, pairs, column), 1e-12);
        double[] values = pairs.values().toArray();
        double norm = Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
        assertEquals(values[2] / norm, NtkAlignment.withTarget(backend, own, column), 1e-12);
        assertThrows(ShapeMismatch.class, () -> NtkAlignment.shares(backend, pairs, labels.rowRange(0, 2)));
        assertThrows(ShapeMismatch.class, () -> NtkAlignment.withTarget(backend, own, labels.rowRange(0, 2)));
      }
    }
  }

  /** The closed form of what has been followed has no cancellation and no hole at 0. */
  @Test
  void functionsOfAnEigenvalue() {
    for (KernelTraining training : new KernelTraining[] {new KernelTraining.Flow(3), new KernelTraining.Descent(0.3, 10)}) {
      assertEquals(3, training.followed(0), 0);
      assertEquals(3, training.followed(1e-300), 1e-15);
      assertEquals(3, training.followed(1e-12), 1e-10);
      assertEquals((1 - training.left(2)) / 2, training.followed(2), 1e-14);
      assertEquals(1, training.left(0), 0);
    }
    assertThrows(InvalidArgument.class, () -> new KernelTraining.Flow(-1));
    assertThrows(InvalidArgument.class, () -> new KernelTraining.Descent(0, 1));
    assertThrows(InvalidArgument.class, () -> new KernelTraining.Descent(1, -1));
  }

  @EveryBackend
  void refusesWhatDoesNotFit(Backend backend) {
    try (Matrix kernel = backend.zeros(DType.F64, 5, 5); Matrix y = backend.zeros(DType.F64, N, K);
        Matrix right = backend.zeros(DType.F64, N, N); Matrix cross = backend.zeros(DType.F64, 2, 5)) {
      ShapeMismatch e = assertThrows(ShapeMismatch.class, () -> NtkPrediction.of(backend, kernel, y, y));
      assertTrue(e.getMessage().contains("the kernel(5x5), the outputs(6x2) and the targets(6x2)"), e::getMessage);
      try (NtkPrediction prediction = NtkPrediction.of(backend, right, y, y)) {
        assertThrows(ShapeMismatch.class, () -> prediction.outputs(new KernelTraining.Flow(1), cross, y));
      }
    }
  }
}
