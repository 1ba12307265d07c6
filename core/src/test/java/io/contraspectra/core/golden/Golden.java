package io.contraspectra.core.golden;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.Npz;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reference arrays that independent programs made (NumPy, torch autograd, JAX, mpmath), as listed in their manifests.
 */
public final class Golden implements AutoCloseable {

  private final String name;
  private final Npz arrays;

  private Golden(String name, Npz arrays) {
    this.name = name;
    this.arrays = arrays;
  }

  /** Opens e.g. {@code ntk/shared-ntk2-relu}. */
  public static Golden open(String name) {
    try {
      Path path = Path.of(Golden.class.getResource("/golden/" + name + ".npz").toURI());
      return new Golden(name, Npz.open(path));
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  public boolean has(String array) {
    return arrays.has(array);
  }

  /** An array as a matrix on a backend, to be closed by the caller. */
  public Matrix matrix(String array, Backend backend) {
    return arrays.matrix(array, backend, DType.F64);
  }

  /** Arrays of one width, one below the other, to be closed by the caller. */
  public Matrix stacked(Backend backend, String... names) {
    double[] all = Arrays.stream(names).map(this::doubles).flatMapToDouble(Arrays::stream).toArray();
    try (Matrix first = matrix(names[0], backend)) {
      return backend.matrix(all.length / first.cols(), first.cols(), all);
    }
  }

  public double[] doubles(String array) {
    return arrays.get(array).toDoubles();
  }

  public double number(String array) {
    return arrays.get(array).toDouble();
  }

  /** Asserts {@code max |actual − reference| <= tolerance · max |reference|}. */
  public void assertClose(String array, Matrix actual, double tolerance) {
    assertClose(array, actual.toArray(), tolerance);
  }

  public void assertClose(String array, double[] actual, double tolerance) {
    double[] expected = doubles(array);
    assertTrue(actual.length == expected.length, name + " " + array + ": " + actual.length + " values instead of "
        + expected.length);
    double largest = 0;
    double error = 0;
    for (int i = 0; i < actual.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      error = Math.max(error, Math.abs(actual[i] - expected[i]));
    }
    assertTrue(error <= tolerance * largest,
        name + " " + array + ": off by " + error + " where the largest entry is " + largest);
  }

  @Override
  public void close() {
    arrays.close();
  }
}
