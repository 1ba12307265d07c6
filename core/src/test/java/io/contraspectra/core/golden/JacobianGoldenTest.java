package io.contraspectra.core.golden;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.jacobian.Jacobian;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import java.util.List;
import java.util.Map;

/** Jacobians and their products with a vector against torch autograd. */
class JacobianGoldenTest {

  private static final double TOLERANCE = 1e-12;

  @EveryBackend
  void twoLayerNetworks(Backend backend) {
    for (String name : List.of("relu", "erf", "tanh", "softplus", "gelu")) {
      try (Golden golden = Golden.open("ntk/shared-ntk2-" + name);
          Network network = GoldenNetworks.twoLayer(golden, Activation.named(name), backend);
          Matrix j = jacobian(golden, network);
          Matrix gradient = gradient(golden, network)) {
        golden.assertClose("J", byUnit(network.architecture(), j), TOLERANCE);
        golden.assertClose("Jt_v", byUnit(network.architecture(), gradient), TOLERANCE);
        ntkProduct(golden, network);
      }
    }
  }

  @EveryBackend
  void deepNetworks(Backend backend) {
    Map<String, Activation> cases = Map.of(
        "L3-relu", Activation.RELU, "L3-erf-bias", Activation.ERF, "L4-tanh-bias", Activation.TANH);
    cases.forEach((name, activation) -> {
      try (Golden golden = Golden.open("ntk/shared-mlp-" + name);
          Network network = GoldenNetworks.dense(golden, activation, backend);
          Matrix j = jacobian(golden, network)) {
        golden.assertClose("J", j, TOLERANCE);
        ntkProduct(golden, network);
      }
    });
  }

  private static Matrix jacobian(Golden golden, Network network) {
    try (Matrix x = golden.matrix("X", network.backend()); var jacobian = new Jacobian(network, x)) {
      Matrix j = network.backend().zeros(DType.F64, jacobian.rows(), jacobian.cols());
      jacobian.into(j);
      return j;
    }
  }

  private static Matrix gradient(Golden golden, Network network) {
    try (Matrix x = golden.matrix("X", network.backend()); Matrix v = row(golden, network.backend());
        var jacobian = new Jacobian(network, x)) {
      Matrix gradient = network.backend().zeros(DType.F64, 1, jacobian.cols());
      jacobian.vjp(v, gradient);
      return gradient;
    }
  }

  private static void ntkProduct(Golden golden, Network network) {
    try (Matrix x = golden.matrix("X", network.backend()); Matrix v = row(golden, network.backend());
        Matrix product = network.backend().zeros(DType.F64, 1, v.cols()); var jacobian = new Jacobian(network, x)) {
      jacobian.ntkProduct(v, product);
      golden.assertClose("theta_v", product, TOLERANCE);
    }
  }

  private static Matrix row(Golden golden, Backend backend) {
    double[] v = golden.doubles("v");
    return backend.matrix(1, v.length, v);
  }

  /** The columns of W² in the order of its transpose, as the golden arrays of two-layer networks have them. */
  private static double[] byUnit(Architecture architecture, Matrix rows) {
    double[] values = rows.toArray();
    double[] reordered = values.clone();
    int start = (int) architecture.weightOffset(2);
    for (int row = 0; row < rows.rows(); row++) {
      int at = row * (int) rows.cols() + start;
      for (int k = 0; k < architecture.outputs(); k++) {
        for (int m = 0; m < architecture.width(1); m++) {
          reordered[at + m * architecture.outputs() + k] = values[at + k * architecture.width(1) + m];
        }
      }
    }
    return reordered;
  }
}
