package io.contraspectra.core.network;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Random;

/** Small random networks and inputs for tests. */
public final class TestNetworks {

  private TestNetworks() {}

  /** A network with standard normal parameters. */
  public static Network gaussian(Architecture architecture, Backend backend, DType dtype, long seed) {
    Network network = Network.zeros(architecture, backend, dtype);
    network.parameters().flat().copyFrom(normals(architecture.parameters(), seed));
    return network;
  }

  /** A matrix of standard normal numbers. */
  public static Matrix inputs(Backend backend, DType dtype, long rows, long cols, long seed) {
    Matrix x = backend.zeros(dtype, rows, cols);
    x.copyFrom(normals(rows * cols, seed));
    return x;
  }

  private static double[] normals(long count, long seed) {
    var random = new Random(seed);
    return random.doubles(count).map(_ -> random.nextGaussian()).toArray();
  }
}
