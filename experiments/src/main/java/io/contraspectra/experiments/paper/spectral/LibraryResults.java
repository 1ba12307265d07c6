package io.contraspectra.experiments.paper.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.NpyArray;
import io.contraspectra.core.data.Npz;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** Samples, and what scikit-learn and SciPy made of them; their versions stand in the README beside the file. */
final class LibraryResults {

  private static final String FILE = "scikit-learn.npz";

  private final Map<String, NpyArray> arrays;

  private LibraryResults(Map<String, NpyArray> arrays) {
    this.arrays = arrays;
  }

  static LibraryResults read() {
    try (InputStream in = Objects.requireNonNull(LibraryResults.class.getResourceAsStream(FILE), FILE)) {
      Path copy = Files.createTempFile("contraspectra", FILE);
      try {
        Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
        var arrays = new LinkedHashMap<String, NpyArray>();
        try (Npz npz = Npz.open(copy)) {
          npz.names().forEach(name -> arrays.put(name, NpyArray.of(npz.get(name).toDoubles(), npz.get(name).shape())));
        }
        return new LibraryResults(arrays);
      } finally {
        Files.delete(copy);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the bundled results of scikit-learn cannot be read", e);
    }
  }

  /** An array as a matrix, to be closed by the caller. */
  Matrix matrix(Backend backend, String name) {
    return get(name).toMatrix(backend, DType.F64);
  }

  double[] numbers(String name) {
    return get(name).toDoubles();
  }

  private NpyArray get(String name) {
    return Objects.requireNonNull(arrays.get(name), name);
  }
}
