package io.contraspectra.core.ntk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.TestNetworks;
import java.util.List;

class EmpiricalNtkTest {

  private static final List<Architecture> ARCHITECTURES = List.of(
      Architecture.ntk(Activation.RELU, 3, 1, 1),
      Architecture.ntk(Activation.ERF, 1, 7, 3),
      Architecture.ntk(Activation.TANH, 4, 5, 6, 2).withBiases(0.3),
      Architecture.ntk(Activation.GELU, 2, 9, 4, 5, 3).withBiases(1).withInputScale(0.5),
      Architecture.ntk(Activation.SOFTPLUS, 5, 3),
      Architecture.ntk(Activation.SOFTPLUS, 5, 3).withBiases(0.7),
      Architecture.ntk(Activation.IDENTITY, 4, 6, 2));

  @EveryBackend
  void equalsTheContractionOfTheJacobian(Backend backend, DType dtype) {
    for (Architecture architecture : ARCHITECTURES) {
      try (var network = TestNetworks.gaussian(architecture, backend, dtype, 1);
          Matrix x = TestNetworks.inputs(backend, dtype, 5, architecture.inputs(), 2);
          Matrix theta = EmpiricalNtk.of(network).full(x);
          Matrix jacobian = ExplicitJacobian.of(network, x);
          Matrix expected = ExplicitJacobian.gram(backend, jacobian)) {
        double tolerance = dtype == DType.F64 ? 1e-13 : 1e-5;
        assertTrue(backend.distance(theta, expected) <= tolerance * backend.norm(expected), architecture.toString());
      }
    }
  }

  @EveryBackend
  void tilesOfManyBlocksAgreeWithOneBlock(Backend backend) {
    // 500 samples of one output span three blocks of 224 rows, the last of them ragged.
    Architecture architecture = Architecture.ntk(Activation.RELU, 2, 3, 1);
    try (var network = TestNetworks.gaussian(architecture, backend, DType.F64, 3);
        Matrix x = TestNetworks.inputs(backend, DType.F64, 500, 2, 4);
        Matrix theta = EmpiricalNtk.of(network).full(x);
        Matrix jacobian = ExplicitJacobian.of(network, x);
        Matrix expected = ExplicitJacobian.gram(backend, jacobian)) {
      assertTrue(backend.distance(theta, expected) <= 1e-13 * backend.norm(expected));
    }
  }

  @EveryBackend
  void isSymmetricToTheLastBitAndRepeatsItself(Backend backend) {
    Architecture architecture = ARCHITECTURES.get(2);
    try (var network = TestNetworks.gaussian(architecture, backend, DType.F64, 5);
        Matrix x = TestNetworks.inputs(backend, DType.F64, 7, architecture.inputs(), 6);
        Matrix theta = EmpiricalNtk.of(network).full(x);
        Matrix again = EmpiricalNtk.of(network).full(x);
        Matrix transposed = backend.zeros(DType.F64, theta.cols(), theta.rows())) {
      backend.transpose(theta, transposed);
      assertEquals(0, backend.distance(theta, transposed));
      assertEquals(0, backend.distance(theta, again));
    }
  }

  @EveryBackend
  void partsSumUpToTheWhole(Backend backend) {
    Architecture architecture = ARCHITECTURES.get(3);
    try (var network = TestNetworks.gaussian(architecture, backend, DType.F64, 7);
        Matrix x = TestNetworks.inputs(backend, DType.F64, 4, architecture.inputs(), 8);
        Matrix rest = EmpiricalNtk.of(network).full(x)) {
      double norm = backend.norm(rest);
      for (int layer = 1; layer <= architecture.layers(); layer++) {
        try (Matrix weights = EmpiricalNtk.of(network).weightPart(layer, x);
            Matrix biases = EmpiricalNtk.of(network).biasPart(layer, x)) {
          backend.add(-1, weights, 1, rest);
          backend.add(-1, biases, 1, rest);
        }
      }
      assertTrue(backend.norm(rest) <= 1e-14 * norm);
    }
  }

  @EveryBackend
  void duplicateAntipodalAndZeroRowsAreExact(Backend backend) {
    Architecture architecture = Architecture.ntk(Activation.RELU, 3, 40, 2);
    try (var network = TestNetworks.gaussian(architecture, backend, DType.F64, 9);
        Matrix x = backend.matrix(4, 3, 1, 2, 3, 1, 2, 3, -1, -2, -3, 0, 0, 0);
        Matrix theta = EmpiricalNtk.of(network).full(x);
        Matrix first = backend.copyOf(theta.block(0, 0, 2, 8), DType.F64)) {
      assertEquals(0, backend.distance(first, theta.block(2, 0, 2, 8)), "duplicate rows have equal kernels");
      assertEquals(0, backend.norm(theta.block(0, 4, 2, 2)),
          "no unit is active at both of two antipodal points, so nothing is shared without biases");
      assertEquals(0, backend.norm(theta.block(6, 0, 2, 8)), "a zero row has features 0 and weight gradient 0");
    }
  }

  @EveryBackend
  void anEmptyBatchHasAnEmptyKernel(Backend backend) {
    try (var network = TestNetworks.gaussian(ARCHITECTURES.getFirst(), backend, DType.F64, 1);
        Matrix x = backend.zeros(DType.F64, 0, 3);
        Matrix theta = EmpiricalNtk.of(network).full(x)) {
      assertEquals(0, theta.size());
    }
  }

  @EveryBackend
  void refusesWhatDoesNotFit(Backend backend) {
    try (var network = TestNetworks.gaussian(ARCHITECTURES.getFirst(), backend, DType.F64, 1);
        Matrix wrong = backend.zeros(DType.F64, 2, 4);
        Matrix x = backend.zeros(DType.F64, 2, 3);
        Matrix small = backend.zeros(DType.F64, 1, 1)) {
      var ntk = EmpiricalNtk.of(network);
      assertTrue(assertThrows(ShapeMismatch.class, () -> ntk.full(wrong)).getMessage().contains("X(2x4)"));
      assertThrows(ShapeMismatch.class, () -> ntk.full(x, small));
      assertThrows(InvalidArgument.class, () -> ntk.weightPart(0, x));
      assertThrows(InvalidArgument.class, () -> ntk.weightPart(3, x));
      assertThrows(ShapeMismatch.class, () -> ntk.biasPart(1, x));
    }
  }
}
