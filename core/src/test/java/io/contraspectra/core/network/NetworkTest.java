package io.contraspectra.core.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.UseAfterClose;
import io.contraspectra.core.random.RandomStreams;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkTest {

  @Test
  void parametersStandLayerByLayer() {
    var architecture = Architecture.ntk(Activation.RELU, 3, 5, 2).withBiases(1);
    assertEquals(0, architecture.weightOffset(1));
    assertEquals(15, architecture.biasOffset(1));
    assertEquals(20, architecture.weightOffset(2));
    assertEquals(30, architecture.biasOffset(2));
    assertEquals(32, architecture.parameters());
    assertEquals(List.of(1.0, 1 / Math.sqrt(5)), architecture.scales());
  }

  @Test
  void architecturesAreChecked() {
    assertThrows(InvalidArgument.class, () -> Architecture.ntk(Activation.RELU, 3));
    assertThrows(InvalidArgument.class, () -> Architecture.ntk(Activation.RELU, 3, 0, 2));
    assertThrows(InvalidArgument.class,
        () -> new Architecture(List.of(2, 2), Activation.ERF, List.of(1.0, 1.0), false, 1));
    assertThrows(InvalidArgument.class,
        () -> new Architecture(List.of(2, 2), Activation.ERF, List.of(Double.NaN), false, 1));
    assertTrue(assertThrows(InvalidArgument.class, () -> Activation.named("rleu")).getMessage().contains("relu"));
  }

  /** The gradient against central differences of f, through three layers with biases. */
  @EveryBackend
  void gradientsAreFiniteDifferences(Backend backend) {
    var architecture = Architecture.ntk(Activation.TANH, 3, 4, 3, 2).withBiases(0.7).withInputScale(0.5);
    try (Network network = TestNetworks.gaussian(architecture, backend, DType.F64, 1);
        Matrix x = TestNetworks.inputs(backend, DType.F64, 3, 3, 2);
        Matrix cotangent = TestNetworks.inputs(backend, DType.F64, 3, 2, 3);
        Matrix flat = backend.zeros(DType.F64, 1, architecture.parameters());
        var batch = new Propagation(network, 3)) {
      batch.forward(x);
      batch.gradient(cotangent, new Parameters(architecture, flat));
      double[] gradient = flat.toArray();
      Matrix parameters = network.parameters().flat();
      double h = 1e-5;
      for (int p = 0; p < gradient.length; p++) {
        double value = parameters.get(0, p);
        parameters.set(0, p, value + h);
        double above = backend.dot(batch.forward(x), cotangent);
        parameters.set(0, p, value - h);
        double below = backend.dot(batch.forward(x), cotangent);
        parameters.set(0, p, value);
        assertEquals((above - below) / (2 * h), gradient[p], 1e-8, "parameter " + p);
      }
    }
  }

  @EveryBackend
  void copiesAreIndependent(Backend backend) {
    var architecture = Architecture.ntk(Activation.ERF, 2, 3, 1);
    try (Network network = Network.gaussian(architecture, backend, DType.F64, RandomStreams.of(1).named("net"));
        Network copy = network.copy()) {
      double[] before = copy.parameters().flat().toArray();
      backend.fill(0, network.parameters().flat());
      assertArrayEquals(before, copy.parameters().flat().toArray());
    }
  }

  @EveryBackend
  void initialisationIsAFunctionOfTheStream(Backend backend) {
    var architecture = Architecture.ntk(Activation.RELU, 40, 60, 3);
    try (Network one = Network.gaussian(architecture, backend, DType.F64, RandomStreams.of(1).named("net"));
        Network two = Network.gaussian(architecture, backend, DType.F64, RandomStreams.of(1).named("net"));
        Network other = Network.gaussian(architecture, backend, DType.F64, RandomStreams.of(2).named("net"))) {
      assertEquals(0, backend.distance(one.parameters().flat(), two.parameters().flat()));
      assertTrue(backend.distance(one.parameters().flat(), other.parameters().flat()) > 1);
      double mean = backend.sum(one.parameters().flat()) / architecture.parameters();
      double square = backend.dot(one.parameters().flat(), one.parameters().flat()) / architecture.parameters();
      assertEquals(0, mean, 0.1);
      assertEquals(1, square, 0.1);
    }
  }

  @EveryBackend
  void aClosedNetworkCannotBeUsed(Backend backend) {
    Network network = TestNetworks.gaussian(Architecture.ntk(Activation.RELU, 2, 3, 1), backend, DType.F64, 1);
    network.close();
    network.close();
    try (Matrix x = backend.zeros(DType.F64, 1, 2)) {
      assertThrows(UseAfterClose.class, () -> network.apply(x));
    }
  }

  @EveryBackend
  void refusesInputsOfAnotherDimension(Backend backend) {
    try (Network network = TestNetworks.gaussian(Architecture.ntk(Activation.RELU, 2, 3, 1), backend, DType.F64, 1);
        Matrix x = backend.zeros(DType.F64, 4, 3)) {
      String message = assertThrows(ShapeMismatch.class, () -> network.apply(x)).getMessage();
      assertTrue(message.contains("X(4x3)") && message.contains("4x2"), message);
      assertThrows(ShapeMismatch.class, () -> network.parameters().bias(1));
    }
  }
}
