package io.contraspectra.core.golden;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import java.util.Arrays;
import java.util.stream.DoubleStream;

/** The networks of the golden cases. */
final class GoldenNetworks {

  private GoldenNetworks() {}

  /** f(x) = M^(-1/2) Wᵀ phi(V x), from V (M x d) and W (M x K). */
  static Network twoLayer(Golden golden, Activation activation, Backend backend) {
    try (Matrix v = golden.matrix("V", backend); Matrix w = golden.matrix("W", backend)) {
      Network network = Network.zeros(
          Architecture.ntk(activation, (int) v.cols(), (int) v.rows(), (int) w.cols()), backend, DType.F64);
      backend.copy(v, network.parameters().weight(1));
      backend.transpose(w, network.parameters().weight(2));
      return network;
    }
  }

  /** A dense network from widths, scales, beta, W1..WL and b1..bL. */
  static Network dense(Golden golden, Activation activation, Backend backend) {
    var widths = Arrays.stream(golden.doubles("widths")).mapToObj(n -> (int) n).toList();
    var scales = DoubleStream.of(golden.doubles("scales")).boxed().toList();
    var architecture = new Architecture(widths, activation, scales, golden.has("b1"), golden.number("beta"));
    Network network = Network.zeros(architecture, backend, DType.F64);
    for (int layer = 1; layer <= architecture.layers(); layer++) {
      network.parameters().weight(layer).copyFrom(golden.doubles("W" + layer));
      if (architecture.biased()) {
        network.parameters().bias(layer).copyFrom(golden.doubles("b" + layer));
      }
    }
    return network;
  }
}
