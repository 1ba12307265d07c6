package io.contraspectra.core.golden;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.ntk.EmpiricalNtk;
import io.contraspectra.core.ntk.KernelForm;
import io.contraspectra.core.operator.EigenPairs;
import io.contraspectra.core.operator.Eigensolver;
import io.contraspectra.core.operator.SymmetricOperator;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/** Outputs, kernels, their parts and their spectra against torch autograd and JAX; tolerances of the manifest. */
class NtkGoldenTest {

  private static final double TOLERANCE = 1e-12;

  @EveryBackend
  void twoLayerNetworks(Backend backend) {
    for (String name : List.of("relu", "erf", "tanh", "softplus", "gelu")) {
      try (Golden golden = Golden.open("ntk/shared-ntk2-" + name);
          Network network = GoldenNetworks.twoLayer(golden, Activation.named(name), backend);
          Matrix x = golden.matrix("X", backend)) {
        whole(golden, network, x);
        cross(golden, network, x);
        products(golden, network, x);
        part(golden, "theta_hidden", EmpiricalNtk.of(network).weightPart(1, x));
        part(golden, "theta_out", EmpiricalNtk.of(network).weightPart(2, x));
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
          Matrix x = golden.matrix("X", backend)) {
        whole(golden, network, x);
        products(golden, network, x);
        for (int layer = 1; layer <= network.architecture().layers(); layer++) {
          part(golden, "theta_W" + layer, EmpiricalNtk.of(network).weightPart(layer, x));
          if (network.architecture().biased()) {
            part(golden, "theta_b" + layer, EmpiricalNtk.of(network).biasPart(layer, x));
          }
        }
      }
    });
  }

  private static void whole(Golden golden, Network network, Matrix x) {
    part(golden, "trace_ntk", EmpiricalNtk.of(network).trace(x));
    try (Matrix f = network.apply(x);
        Matrix theta = EmpiricalNtk.of(network).full(x);
        EigenPairs pairs = Eigensolver.full(network.backend(), theta)) {
      golden.assertClose("F", f, TOLERANCE);
      golden.assertClose("theta", theta, TOLERANCE);
      golden.assertClose("eig", DoubleStream.of(pairs.values().toArray()).sorted().toArray(), TOLERANCE);
    }
  }

  private static void cross(Golden golden, Network network, Matrix x) {
    try (Matrix y = golden.matrix("X2", network.backend())) {
      part(golden, "theta_cross", EmpiricalNtk.of(network).cross(x, y));
    }
  }

  /** The product with a vector, streamed and matrix-free, with the trace kernel against its stored form. */
  private static void products(Golden golden, Network network, Matrix x) {
    Backend backend = network.backend();
    double[] vector = golden.doubles("v");
    var ntk = EmpiricalNtk.of(network);
    for (KernelForm form : KernelForm.values()) {
      try (Matrix v = backend.matrix(1, vector.length, vector);
          Matrix product = backend.zeros(DType.F64, 1, vector.length);
          SymmetricOperator full = ntk.fullOperator(x, form);
          SymmetricOperator trace = ntk.traceOperator(x, form);
          Matrix identity = backend.zeros(DType.F64, x.rows(), x.rows());
          Matrix image = backend.zeros(DType.F64, x.rows(), x.rows())) {
        full.apply(v, product);
        golden.assertClose("theta_v", product, TOLERANCE);
        backend.shiftDiagonal(1, identity);
        trace.apply(identity, image);
        golden.assertClose("trace_ntk", image, TOLERANCE);
      }
    }
  }

  private static void part(Golden golden, String array, Matrix part) {
    try (part) {
      golden.assertClose(array, part, TOLERANCE);
    }
  }
}
