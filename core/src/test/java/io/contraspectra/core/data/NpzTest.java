package io.contraspectra.core.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.UseAfterClose;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NpzTest {

  @TempDir
  private Path folder;

  @Test
  void readsStoredArrays() {
    try (Npz npz = Npz.open(Fixtures.numpy("stored.npz"))) {
      assertEquals(List.of("a", "f", "n", "activation", "beta"), List.copyOf(npz.names()));
      assertArrayEquals(npz.get("a").toDoubles(), npz.get("f").toDoubles());
      assertArrayEquals(new long[] {0, 1, 2}, npz.get("n").toLongs());
      assertEquals("relu", npz.get("activation").toText());
      assertEquals(0.5, npz.get("beta").toDouble());
    }
  }

  @EveryBackend
  void readsDeflatedArraysToABackend(Backend backend) {
    try (Npz npz = Npz.open(Fixtures.numpy("deflated.npz"));
         Matrix a = npz.matrix("a", backend, DType.F32); Matrix zeros = npz.matrix("zeros", backend, DType.F64)) {
      assertArrayEquals(npz.get("a").toDoubles(), a.toArray());
      assertEquals("Matrix(200x50) F64", zeros.toString().split(" in ")[0]);
      assertEquals("erf", npz.get("activation").toText());
    }
  }

  @Test
  void namesAMissingArrayAndWhatIsThere() {
    try (Npz npz = Npz.open(Fixtures.numpy("deflated.npz"))) {
      assertFalse(npz.has("W1"));
      String message = assertThrows(InvalidData.class, () -> npz.get("W1")).getMessage();
      assertTrue(message.endsWith("deflated.npz has no array 'W1'; it holds a, zeros, activation"), message);
    }
  }

  @Test
  void detectsAWrongChecksum() throws IOException {
    byte[] bytes = Files.readAllBytes(Fixtures.numpy("stored.npz"));
    bytes[200] ^= 1;
    Path file = Files.write(folder.resolve("x.npz"), bytes);
    try (Npz npz = Npz.open(file)) {
      String message = assertThrows(InvalidData.class, () -> npz.get("a")).getMessage();
      assertTrue(message.startsWith(file + ", array a: the bytes do not have the checksum"), message);
    }
  }

  @Test
  void namesWhatIsNoArchive() {
    assertThrows(InvalidData.class, () -> Npz.open(Fixtures.numpy("f8.npy")));
    String message = assertThrows(InvalidData.class, () -> Npz.open(folder.resolve("x.npz"))).getMessage();
    assertTrue(message.endsWith("x.npz does not exist; check the path"), message);
  }

  @Test
  void refusesReadingAfterClose() {
    Npz npz = Npz.open(Fixtures.numpy("stored.npz"));
    npz.close();
    assertThrows(UseAfterClose.class, () -> npz.get("a"));
  }

  @EveryBackend
  void readsWhatItWrites(Backend backend) {
    Path file = folder.resolve("x.npz");
    try (Matrix m = backend.matrix(2, 3, 1, 2, 3, 4, 5, 6)) {
      Npz.write(file, IfExists.REFUSE, npz -> {
        npz.put("matrix", m);
        npz.put("cube", m, 1, 2, 3);
        npz.put("activation", NpyArray.of("gelu"));
        npz.put("beta", NpyArray.of(new double[] {0.25}));
        npz.put("labels", NpyArray.of(new long[] {3, 1}, 2));
      });
    }
    try (Npz npz = Npz.open(file)) {
      assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, npz.get("matrix").toDoubles());
      assertArrayEquals(new long[] {1, 2, 3}, npz.get("cube").shape());
      assertEquals("gelu", npz.get("activation").toText());
      assertEquals(0.25, npz.get("beta").toDouble());
      assertArrayEquals(new long[] {3, 1}, npz.get("labels").toLongs());
    }
  }

  @Test
  void leavesNothingBehindWhenWritingFails() {
    Path file = folder.resolve("x.npz");
    assertThrows(InvalidArgument.class, () -> Npz.write(file, IfExists.REFUSE, npz -> {
      npz.put("a", NpyArray.of("x"));
      npz.put("a", NpyArray.of("y"));
    }));
    assertEquals(List.of(), Fixtures.list(folder, ""));
  }
}
