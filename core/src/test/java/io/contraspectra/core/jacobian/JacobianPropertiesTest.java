package io.contraspectra.core.jacobian;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Parameters;
import io.contraspectra.core.network.Propagation;
import io.contraspectra.core.network.TestNetworks;
import java.util.List;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** The rows of any network's Jacobian are gradients of single outputs, and its products are products with it. */
class JacobianPropertiesTest {

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void rowsAreGradientsAndProductsAreProducts(@ForAll TestBackend kind, @ForAll DType dtype,
      @ForAll Activation activation, @ForAll boolean biased,
      @ForAll @Size(min = 2, max = 5) List<@IntRange(min = 1, max = 12) Integer> widths,
      @ForAll @IntRange(max = 20) int samples, @ForAll @IntRange(max = 3) int vectors) {
    Architecture plain = Architecture.ntk(activation, widths.stream().mapToInt(Integer::intValue).toArray());
    Architecture architecture = biased ? plain.withBiases(0.4) : plain;
    try (Backend backend = kind.open();
        Network network = TestNetworks.gaussian(architecture, backend, dtype, 1);
        Matrix x = TestNetworks.inputs(backend, dtype, samples, architecture.inputs(), 2);
        Jacobian jacobian = new Jacobian(network, x);
        Matrix j = TestNetworks.inputs(backend, dtype, jacobian.rows(), jacobian.cols(), 3);
        Matrix gradients = gradients(network, x);
        Matrix directions = TestNetworks.inputs(backend, dtype, vectors, jacobian.cols(), 4);
        Matrix cotangents = TestNetworks.inputs(backend, dtype, vectors, jacobian.rows(), 5)) {
      jacobian.into(j);
      requireEqual(backend, gradients, j);
      requireProduct(backend, directions, j, Transpose.YES, jacobian::jvp);
      requireProduct(backend, cotangents, j, Transpose.NO, jacobian::vjp);
      try (Matrix back = product(backend, cotangents, j, Transpose.NO)) {
        Matrix expected = product(backend, back, j, Transpose.YES);
        requireProduct(backend, cotangents, expected, jacobian::ntkProduct);
      }
    }
  }

  /** What writes products of the rows of its first argument into its second. */
  private interface Product {
    void into(Matrix vectors, Matrix products);
  }

  private static void requireProduct(Backend backend, Matrix vectors, Matrix j, Transpose t, Product product) {
    requireProduct(backend, vectors, product(backend, vectors, j, t), product);
  }

  private static void requireProduct(Backend backend, Matrix vectors, Matrix expected, Product product) {
    try (expected; Matrix actual = backend.zeros(vectors.dtype(), expected.rows(), expected.cols())) {
      product.into(vectors, actual);
      requireEqual(backend, expected, actual);
    }
  }

  private static Matrix product(Backend backend, Matrix vectors, Matrix j, Transpose t) {
    Matrix product = backend.zeros(vectors.dtype(), vectors.rows(), t == Transpose.NO ? j.cols() : j.rows());
    backend.gemm(Transpose.NO, t, 1, vectors, j, 0, product);
    return product;
  }

  private static Matrix gradients(Network network, Matrix x) {
    Backend backend = network.backend();
    long outputs = network.architecture().outputs();
    Matrix rows = backend.zeros(network.dtype(), x.rows() * outputs, network.architecture().parameters());
    try (var batch = new Propagation(network, x.rows());
        Matrix unit = backend.zeros(network.dtype(), x.rows(), outputs)) {
      batch.forward(x);
      for (long row = 0; row < rows.rows(); row++) {
        backend.fill(0, unit);
        unit.set(row / outputs, row % outputs, 1);
        batch.gradient(unit, new Parameters(network.architecture(), rows.rowRange(row, 1)));
      }
    }
    return rows;
  }

  private static void requireEqual(Backend backend, Matrix expected, Matrix actual) {
    double tolerance = expected.dtype() == DType.F64 ? 1e-13 : 3e-5;
    assertTrue(backend.distance(expected, actual) <= tolerance * backend.norm(expected));
  }
}
