package io.contraspectra.core.data;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Dense networks in {@code .npz} archives: weights {@code W1 … WL} of shape (n_l, n_(l-1)), optional biases
 * {@code b1 … bL} of shape (n_l,), optional {@code scales} of shape (L,) (default 1 for the first layer and
 * 1/sqrt(n_(l-1)) after), optional {@code beta} (default 1) and the text {@code activation}. A PyTorch
 * {@code state_dict} ({@code 0.weight}, {@code 0.bias}, …, in numeric order, all scales and beta 1) is read too. Arrays
 * of other names are ignored.
 *
 * <p>Thread-safe.
 */
public final class NetworkFile {

  private NetworkFile() {}

  /**
   * Reads a network.
   *
   * @param dtype element type of its parameters; those of the file are converted
   * @param activation taken instead of the file's; may be null if the file names one
   * @return a network that the caller must close
   * @throws InvalidData if the file holds no such network; the message names file, array, shapes and remedy
   */
  public static Network read(Path path, Backend backend, DType dtype, @Nullable Activation activation) {
    try (Npz npz = Npz.open(path)) {
      return new NetworkReader(path, npz, activation).read(backend, dtype);
    }
  }

  /**
   * What network a file holds, without a backend.
   *
   * @param activation taken instead of the file's; may be null if the file names one
   * @throws InvalidData if the file holds no such network
   */
  public static Architecture architecture(Path path, @Nullable Activation activation) {
    try (Npz npz = Npz.open(path)) {
      return new NetworkReader(path, npz, activation).architecture();
    }
  }

  /**
   * Writes a network, its scales, bias factor and activation included.
   *
   * @throws InvalidArgument if the file exists and may not be replaced
   * @throws UncheckedIOException if the system cannot write
   */
  public static void write(Path path, IfExists ifExists, Network network) {
    Architecture architecture = network.architecture();
    Npz.write(path, ifExists, npz -> {
      for (int layer = 1; layer <= architecture.layers(); layer++) {
        npz.put("W" + layer, network.parameters().weight(layer));
        if (architecture.biased()) {
          npz.put("b" + layer, network.parameters().bias(layer), architecture.width(layer));
        }
      }
      double[] scales = architecture.scales().stream().mapToDouble(Double::doubleValue).toArray();
      npz.put("scales", NpyArray.of(scales, scales.length));
      if (architecture.biased()) {
        npz.put("beta", NpyArray.of(new double[] {architecture.biasScale()}));
      }
      npz.put("activation", NpyArray.of(architecture.activation().label()));
    });
  }
}
