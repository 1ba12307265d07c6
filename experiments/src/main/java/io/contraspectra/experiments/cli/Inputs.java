package io.contraspectra.experiments.cli;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.DataFiles;
import io.contraspectra.core.data.NetworkFile;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Network;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads what a command works on, and refuses numbers that would spoil every result without a word. */
final class Inputs {

  private Inputs() {}

  /**
   * Reads a data matrix of finite numbers, which the caller must close.
   *
   * @param option the option that names the file, for messages
   */
  static Matrix matrix(String option, Path file, Backend backend, DType dtype) {
    Matrix matrix = DataFiles.read(file, backend, dtype);
    try {
      backend.requireFinite(option + " " + file, matrix);
      return matrix;
    } catch (RuntimeException | Error e) {
      matrix.close();
      throw e;
    }
  }

  /** Reads a network of finite parameters, which the caller must close. */
  static Network network(Path file, Backend backend, DType dtype, @Nullable Activation activation) {
    Network network = NetworkFile.read(file, backend, dtype, activation);
    try {
      for (int layer = 1; layer <= network.architecture().layers(); layer++) {
        backend.requireFinite(file + ": W" + layer, network.parameters().weight(layer));
        if (network.architecture().biased()) {
          backend.requireFinite(file + ": b" + layer, network.parameters().bias(layer));
        }
      }
      return network;
    } catch (RuntimeException | Error e) {
      network.close();
      throw e;
    }
  }

  /** Refuses samples of another dimension than the network's inputs, naming the file. */
  static void requireColumns(String option, Path file, Matrix samples, Network network) {
    if (samples.cols() != network.architecture().inputs()) {
      throw new ShapeMismatch(option + " " + file + " has " + samples.cols() + " columns, but the network of widths "
          + network.architecture().widths() + " takes " + network.architecture().inputs() + "; give samples of that many");
    }
  }
}
