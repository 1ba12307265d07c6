package io.contraspectra.core.data;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.ContraSpectraException;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.mixture.GaussianMixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A Gaussian mixture in an NPZ archive: {@code w} (K,), {@code mu} (K, d), {@code sigma} (d, d) for all components or
 * (K, d, d); optional {@code delta}, the probability that the augmentation keeps the component (1), and {@code n}, how
 * many pairs to draw (1000). Owns the mixture; close it.
 */
public record MixtureFile(GaussianMixture mixture, double delta, int samples) implements AutoCloseable {

  private static final int SAMPLES = 1000;

  /**
   * Reads a mixture.
   *
   * @throws InvalidData if an array is missing, or they are no mixture; the text names the file
   */
  public static MixtureFile read(Path path, Backend backend) {
    try (Npz npz = Npz.open(path); Matrix means = npz.matrix("mu", backend, DType.F64)) {
      double delta = npz.has("delta") ? npz.get("delta").toDouble() : 1;
      double samples = npz.has("n") ? npz.get("n").toDouble() : SAMPLES;
      if (!(delta >= 0 && delta <= 1) || !(samples >= 1 && samples <= Integer.MAX_VALUE)) {
        throw new InvalidData(path + ": delta is " + delta + " and n is " + samples
            + "; delta must be from 0 to 1, n at least 1");
      }
      return new MixtureFile(mixture(path, backend, npz, means), delta, (int) samples);
    }
  }

  private static GaussianMixture mixture(Path path, Backend backend, Npz npz, Matrix means) {
    NpyArray sigma = npz.get("sigma");
    long[] shape = sigma.shape();
    List<Matrix> covariances = new ArrayList<>();
    try {
      if (shape.length != 2 && shape.length != 3) {
        throw new ShapeMismatch("array sigma has shape " + Arrays.toString(shape) + "; give (d, d) or (K, d, d)");
      }
      long rows = shape[shape.length - 2];
      long cols = shape[shape.length - 1];
      double[] values = sigma.toDoubles();
      int size = Math.toIntExact(rows * cols);
      for (int at = 0; at < values.length; at += size) {
        covariances.add(backend.matrix(rows, cols, Arrays.copyOfRange(values, at, at + size)));
      }
      return GaussianMixture.of(backend, npz.get("w").toDoubles(), means, covariances);
    } catch (InvalidArgument | ShapeMismatch e) {
      throw named(path, e);
    } finally {
      covariances.forEach(Matrix::close);
    }
  }

  private static InvalidData named(Path path, ContraSpectraException e) {
    return new InvalidData(path + ": " + e.getMessage(), e);
  }

  @Override
  public void close() {
    mixture.close();
  }
}
