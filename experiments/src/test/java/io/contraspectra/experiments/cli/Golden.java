package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.data.IfExists;
import io.contraspectra.core.data.Npy;
import io.contraspectra.core.data.NpyArray;
import io.contraspectra.core.data.Npz;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.DoubleStream;

/** The reference arrays that core's tests use, as files for commands. */
final class Golden {

  private static final Path FOLDER = Path.of("..", "core", "src", "test", "resources", "golden", "ntk");

  private Golden() {}

  /** An archive of the set {@code ntk}, or {@code ../dyn/name} of another. */
  static Path archive(String name) {
    return FOLDER.resolve(name + ".npz");
  }

  static NpyArray array(String archive, String name) {
    return array(archive(archive), name);
  }

  static NpyArray array(Path archive, String name) {
    try (Npz npz = Npz.open(archive)) {
      return npz.get(name);
    }
  }

  /** An array of an archive as a file of its own. */
  static Path npy(Path folder, String archive, String name) {
    Path file = folder.resolve(archive.replaceAll("\\W+", "-") + "-" + name + ".npy");
    Npy.write(file, IfExists.REPLACE, array(archive, name));
    return file;
  }

  /** The two-layer network of an archive's V and W: f(x) = M^(-1/2) Wᵀ phi(Vx). */
  static Path twoLayers(Path folder, String archive, String activation) {
    NpyArray v = array(archive, "V");
    var arrays = new LinkedHashMap<String, NpyArray>();
    arrays.put("W1", v);
    arrays.put("W2", transposed(array(archive, "W")));
    arrays.put("scales", NpyArray.of(new double[] {1, 1 / Math.sqrt(v.shape()[0])}, 2));
    arrays.put("activation", NpyArray.of(activation));
    return npz(folder.resolve(archive + "-net.npz"), arrays);
  }

  static Path npz(Path file, Map<String, NpyArray> arrays) {
    Npz.write(file, IfExists.REPLACE, npz -> {
      for (var array : arrays.entrySet()) {
        npz.put(array.getKey(), array.getValue());
      }
    });
    return file;
  }

  static NpyArray transposed(NpyArray matrix) {
    int rows = (int) matrix.shape()[0];
    int cols = (int) matrix.shape()[1];
    double[] values = matrix.toDoubles();
    var transposed = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      transposed[i % cols * rows + i / cols] = values[i];
    }
    return NpyArray.of(transposed, cols, rows);
  }

  /** Compares at a tolerance relative to the largest expected entry, as the manifest states it. */
  static void assertClose(NpyArray expected, NpyArray actual, double tolerance) {
    assertArrayEquals(expected.shape(), actual.shape(), actual::toString);
    double scale = DoubleStream.of(expected.toDoubles()).map(Math::abs).max().orElse(0);
    assertArrayEquals(expected.toDoubles(), actual.toDoubles(), tolerance * scale, actual::toString);
  }

  static void assertClose(double expected, double actual, double tolerance) {
    assertEquals(expected, actual, tolerance * Math.abs(expected));
  }
}
