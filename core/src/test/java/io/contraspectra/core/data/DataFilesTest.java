package io.contraspectra.core.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.matrix.Matrix;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataFilesTest {

  @TempDir
  private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"train-images-idx3-ubyte", "t10k-images-idx3-ubyte.gz"})
  void readsImagesWithTheLabelsBesideThem(String name) {
    LabelledData data = DataFiles.read(Fixtures.numpy(name));
    assertEquals(5, data.rows());
    assertEquals(12, data.cols());
    assertArrayEquals(IntStream.range(0, 60).mapToDouble(i -> i * 4 / 255.0).toArray(), data.features());
    assertArrayEquals(new int[] {3, 1, 4, 1, 255}, data.requireLabels());
  }

  @Test
  void readsImagesWithoutLabels() throws IOException {
    Path copy = Files.copy(Fixtures.numpy("train-images-idx3-ubyte"), folder.resolve("pictures"));
    assertNull(DataFiles.read(copy).labels());
  }

  @Test
  void namesLabelsThatDoNotFit() throws IOException {
    Path images = Files.copy(Fixtures.numpy("train-images-idx3-ubyte"), folder.resolve("images"));
    byte[] labels = Files.readAllBytes(Fixtures.numpy("train-labels-idx1-ubyte"));
    labels[7] = 4;
    Files.write(folder.resolve("labels"), Arrays.copyOf(labels, labels.length - 1));
    assertRefused(images, "labels holds 4 labels for the 5 images of");
    assertRefused(Fixtures.numpy("train-labels-idx1-ubyte"), "holds labels, not images");
  }

  @Test
  void believesNoImageCount() throws IOException {
    byte[] bytes = Files.readAllBytes(Fixtures.numpy("train-images-idx3-ubyte"));
    bytes[4] = 1;
    assertRefused(Files.write(folder.resolve("x"), bytes), "16777221 x 4 x 3 = 201326652 bytes, but 60 bytes follow");
    bytes[8] = 1;
    assertRefused(Files.write(folder.resolve("x"), bytes), "more than 2 GiB");
    bytes[2] = 13;
    assertRefused(Files.write(folder.resolve("x"), bytes), "IDX magic number 00000d03");
  }

  @Test
  void readsArraysAndTables() throws IOException {
    double[] quarters = Npy.read(Fixtures.numpy("f8.npy")).toDoubles();
    assertArrayEquals(quarters, DataFiles.read(Fixtures.numpy("fortran.npy")).features());
    assertEquals(1, DataFiles.read(Fixtures.numpy("column.npy")).cols());

    Path table = folder.resolve("table.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(table))) {
      out.write("x,label\n1,0\n2,1\n".getBytes(StandardCharsets.US_ASCII));
    }
    assertArrayEquals(new int[] {0, 1}, DataFiles.read(table).requireLabels());

    Path archive = folder.resolve("x.npz");
    Npz.write(archive, IfExists.REFUSE, npz -> npz.put("x", Npy.read(Fixtures.numpy("f8.npy"))));
    assertArrayEquals(quarters, DataFiles.read(archive).features());
  }

  @EveryBackend
  void uploadsAnyOfThem(Backend backend, DType dtype) {
    double[] quarters = Npy.read(Fixtures.numpy("f8.npy")).toDoubles();
    try (Matrix array = DataFiles.read(Fixtures.numpy("f8.npy"), backend, dtype);
         Matrix images = DataFiles.read(Fixtures.numpy("train-images-idx3-ubyte"), backend, dtype)) {
      assertArrayEquals(quarters, array.toArray());
      assertEquals("Matrix(5x12) " + dtype, images.toString().split(" in ")[0]);
    }
  }

  @Test
  void namesWhatIsNoDataFile() throws IOException {
    assertRefused(Fixtures.numpy("stored.npz"), "where one data matrix is needed");
    assertRefused(Fixtures.numpy("fortran3.npy"), "has shape (2, 3, 4), a matrix");
    assertRefused(Fixtures.numpy("empty.npy"), "holds no samples");
    assertRefused(Files.write(folder.resolve("x"), new byte[] {5, 6, 7, 8}), "no data file that is known");
    assertRefused(Files.write(folder.resolve("x"), new byte[] {0x1F, (byte) 0x8B, 8, 0, 0}), "it ends too early");
    assertRefused(folder.resolve("missing.csv"), "missing.csv does not exist");
  }

  private static void assertRefused(Path path, String reason) {
    String message = assertThrows(InvalidData.class, () -> DataFiles.read(path)).getMessage();
    assertTrue(message.contains(reason), message);
  }
}
