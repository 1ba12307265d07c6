package io.contraspectra.core.ntk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.TestNetworks;
import io.contraspectra.core.operator.SymmetricOperator;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Every kernel of any dense network is the contraction of its Jacobian. */
class NtkPropertiesTest {

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void everyKernelIsAContractionOfTheJacobian(@ForAll TestBackend kind, @ForAll DType dtype,
      @ForAll Activation activation, @ForAll boolean biased,
      @ForAll @Size(min = 2, max = 5) List<@IntRange(min = 1, max = 12) Integer> widths,
      @ForAll @IntRange(min = 1, max = 20) int samples, @ForAll @IntRange(min = 1, max = 9) int others) {
    Architecture plain = Architecture.ntk(activation, widths.stream().mapToInt(Integer::intValue).toArray());
    Architecture architecture = biased ? plain.withBiases(0.4) : plain;
    int outputs = architecture.outputs();
    try (Backend backend = kind.open();
        Network network = TestNetworks.gaussian(architecture, backend, dtype, 1);
        Matrix x = TestNetworks.inputs(backend, dtype, samples, architecture.inputs(), 2);
        Matrix y = TestNetworks.inputs(backend, dtype, others, architecture.inputs(), 3);
        Matrix jx = ExplicitJacobian.of(network, x);
        Matrix jy = ExplicitJacobian.of(network, y)) {
      var ntk = EmpiricalNtk.of(network);
      requireEqual(ExplicitJacobian.gram(backend, jx), ntk.full(x), backend);
      requireEqual(ExplicitJacobian.gram(backend, jx, jy), ntk.cross(x, y), backend);
      requireEqual(ExplicitJacobian.trace(backend, jx, jx, outputs), ntk.trace(x), backend);
      requireEqual(ExplicitJacobian.trace(backend, jx, jy, outputs), ntk.traceCross(x, y), backend);
    }
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void productsAreProductsWithTheContraction(@ForAll TestBackend kind, @ForAll DType dtype,
      @ForAll Activation activation, @ForAll boolean biased, @ForAll KernelForm form,
      @ForAll @Size(min = 2, max = 5) List<@IntRange(min = 1, max = 12) Integer> widths,
      @ForAll @IntRange(min = 1, max = 80) int samples, @ForAll @IntRange(min = 1, max = 4) int vectors) {
    Architecture plain = Architecture.ntk(activation, widths.stream().mapToInt(Integer::intValue).toArray());
    Architecture architecture = biased ? plain.withBiases(0.4) : plain;
    try (Backend backend = kind.open();
        Network network = TestNetworks.gaussian(architecture, backend, dtype, 1);
        Matrix x = TestNetworks.inputs(backend, dtype, samples, architecture.inputs(), 2);
        Matrix jacobian = ExplicitJacobian.of(network, x);
        SymmetricOperator full = EmpiricalNtk.of(network).fullOperator(x, form);
        SymmetricOperator trace = EmpiricalNtk.of(network).traceOperator(x, form)) {
      requireProduct(ExplicitJacobian.gram(backend, jacobian), full, vectors);
      requireProduct(
          ExplicitJacobian.trace(backend, jacobian, jacobian, architecture.outputs()), trace, vectors);
    }
  }

  private static void requireProduct(Matrix gram, SymmetricOperator operator, int vectors) {
    Backend backend = operator.backend();
    try (gram; Matrix v = TestNetworks.inputs(backend, operator.dtype(), vectors, operator.size(), 4)) {
      Matrix expected = backend.zeros(operator.dtype(), vectors, operator.size());
      backend.gemm(Transpose.NO, Transpose.NO, 1, v, gram, 0, expected);
      Matrix actual = backend.zeros(operator.dtype(), vectors, operator.size());
      operator.apply(v, actual);
      requireEqual(expected, actual, backend);
    }
  }

  /** Samples enough for several tiles, and for tiles on and off the diagonal. */
  @Property(tries = 24, edgeCases = EdgeCasesMode.NONE)
  void kernelsOfManySamples(@ForAll TestBackend kind, @ForAll DType dtype, @ForAll Activation activation,
      @ForAll @Size(min = 2, max = 4) List<@IntRange(min = 1, max = 9) Integer> widths,
      @ForAll @IntRange(min = 17, max = 90) int samples) {
    Architecture architecture = Architecture.ntk(activation, widths.stream().mapToInt(Integer::intValue).toArray());
    try (Backend backend = kind.open();
        Network network = TestNetworks.gaussian(architecture, backend, dtype, 1);
        Matrix x = TestNetworks.inputs(backend, dtype, samples, architecture.inputs(), 2);
        Matrix jacobian = ExplicitJacobian.of(network, x)) {
      var ntk = EmpiricalNtk.of(network);
      requireEqual(ExplicitJacobian.gram(backend, jacobian), ntk.full(x), backend);
      requireEqual(
          ExplicitJacobian.trace(backend, jacobian, jacobian, architecture.outputs()), ntk.trace(x), backend);
    }
  }

  private static void requireEqual(Matrix expected, Matrix actual, Backend backend) {
    try (expected; actual) {
      double tolerance = expected.dtype() == DType.F64 ? 1e-13 : 3e-5;
      assertTrue(backend.distance(expected, actual) <= tolerance * backend.norm(expected));
    }
  }
}
