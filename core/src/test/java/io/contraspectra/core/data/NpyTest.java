package io.contraspectra.core.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.MemoryLedger;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyTest {

  private static final double[] QUARTERS = IntStream.range(0, 12).mapToDouble(i -> i / 4.0 - 1).toArray();

  @TempDir
  private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"v1", "v2", "v3", "f8", "f4", "fortran", "fortran-f4"})
  void readsEveryVersionAndOrder(String name) {
    NpyArray array = Npy.read(Fixtures.numpy(name + ".npy"));
    assertArrayEquals(new long[] {3, 4}, array.shape());
    assertArrayEquals(QUARTERS, array.toDoubles());
  }

  @ParameterizedTest
  @ValueSource(strings = {"i4", "i8"})
  void readsIntegers(String name) {
    NpyArray array = Npy.read(Fixtures.numpy(name + ".npy"));
    assertArrayEquals(IntStream.range(-5, 7).asLongStream().toArray(), array.toLongs());
    assertArrayEquals(IntStream.range(-5, 7).asDoubleStream().toArray(), array.toDoubles());
  }

  @Test
  void readsBytesAsUnsignedAndTruthAsZeroAndOne() {
    assertArrayEquals(new long[] {0, 127, 128, 255}, Npy.read(Fixtures.numpy("u1.npy")).toLongs());
    assertArrayEquals(new double[] {1, 0, 1}, Npy.read(Fixtures.numpy("b1.npy")).toDoubles());
  }

  @Test
  void reordersFortranArraysOfThreeAxes() {
    NpyArray array = Npy.read(Fixtures.numpy("fortran3.npy"));
    assertArrayEquals(new long[] {2, 3, 4}, array.shape());
    assertArrayEquals(IntStream.range(0, 24).asDoubleStream().toArray(), array.toDoubles());
    assertArrayEquals(IntStream.range(0, 24).asLongStream().toArray(), array.toLongs());
  }

  @Test
  void readsText() {
    assertEquals("softplus", Npy.read(Fixtures.numpy("text.npy")).toText());
    assertEquals(List.of("a", "Straße", "𝛼x"), Npy.read(Fixtures.numpy("texts.npy")).toStrings());
    assertEquals(List.of("relu", "erf"), Npy.read(Fixtures.numpy("bytes.npy")).toStrings());
  }

  @ParameterizedTest
  @ValueSource(strings = {"scalar", "one"})
  void acceptsBothShapesOfAScalar(String name) {
    assertEquals(2.5, Npy.read(Fixtures.numpy(name + ".npy")).toDouble());
  }

  @Test
  void refusesToTakeAnArrayForAScalarOrTextForNumbers() {
    assertMessage("has shape (3, 4), a single value", () -> Npy.read(Fixtures.numpy("f8.npy")).toDouble());
    assertMessage("holds text of type <U8", () -> Npy.read(Fixtures.numpy("text.npy")).toDouble());
    assertMessage("holds numbers of type <f8", () -> Npy.read(Fixtures.numpy("scalar.npy")).toText());
    assertMessage("element 1 is -0.75, whole numbers", () -> Npy.read(Fixtures.numpy("f8.npy")).toLongs());
  }

  @ParameterizedTest
  @CsvSource({"big-endian, is big-endian", "half, '<f2' is not supported", "record, records with fields",
      "object, pickled Python objects"})
  void refusesOtherElementTypes(String name, String reason) {
    assertMessage(reason, () -> Npy.read(Fixtures.numpy(name + ".npy")));
  }

  @Test
  void namesFileShapeAndBytesOfATruncatedFile() throws IOException {
    Path file = folder.resolve("x.npy");
    byte[] whole = Files.readAllBytes(Fixtures.numpy("f8.npy"));
    Files.write(file, Arrays.copyOf(whole, whole.length - 16));
    assertEquals(file + ": header says shape (3, 4) of <f8 = 96 bytes, but 80 bytes follow; the file is truncated, "
        + "write it again", assertThrows(InvalidData.class, () -> Npy.read(file)).getMessage());
    Files.write(file, Arrays.copyOf(whole, whole.length + 1));
    assertMessage("more bytes follow", () -> Npy.read(file));
  }

  @Test
  void namesAMissingFileAndAFolder() {
    assertMessage("x.npy does not exist; check the path", () -> Npy.read(folder.resolve("x.npy")));
    assertMessage("cannot be read", () -> Npy.read(folder));
  }

  @EveryBackend
  void uploadsInEitherElementType(Backend backend, DType dtype) {
    for (String name : List.of("f8", "f4", "fortran", "fortran-f4")) {
      try (Matrix matrix = Npy.read(Fixtures.numpy(name + ".npy"), backend, dtype)) {
        assertEquals(dtype, matrix.dtype());
        assertEquals(3, matrix.rows());
        assertArrayEquals(QUARTERS, matrix.toArray());
      }
    }
  }

  @Test
  void uploadsOneAxisAsAColumnAndAScalarAsOneByOne() {
    try (Backend backend = Fixtures.memoryOnly();
         Matrix column = Npy.read(Fixtures.numpy("column.npy"), backend);
         Matrix scalar = Npy.read(Fixtures.numpy("scalar.npy"), backend);
         Matrix empty = Npy.read(Fixtures.numpy("empty.npy"), backend)) {
      assertEquals("Matrix(5x1) F64 in host memory", column.toString());
      assertEquals("Matrix(1x1) F64 in host memory", scalar.toString());
      assertEquals("Matrix(0x4) F64 in host memory", empty.toString());
      assertMessage("has shape (2, 3, 4), a matrix", () -> Npy.read(Fixtures.numpy("fortran3.npy"), backend));
    }
  }

  @Test
  void mapsLargeFilesAndUploadsThemInPieces() {
    Path file = folder.resolve("large.npy");
    double[] values = IntStream.range(0, 300_000).asDoubleStream().toArray();
    Npy.write(file, IfExists.REFUSE, NpyArray.of(values, 1000, 300));
    assertArrayEquals(values, Npy.read(file).toDoubles());
    try (Backend backend = Fixtures.memoryOnly(); Matrix matrix = Npy.read(file, backend)) {
      assertArrayEquals(values, matrix.toArray());
    }
  }

  @EveryBackend
  void readsWhatItWrites(Backend backend, DType dtype) {
    Path file = folder.resolve("x.npy");
    for (int rows : new int[] {1, 7, 100_000}) {
      try (Matrix matrix = backend.zeros(dtype, rows, 3)) {
        matrix.copyFrom(IntStream.range(0, rows * 3).asDoubleStream().toArray());
        Npy.write(file, IfExists.REPLACE, matrix);
        NpyArray array = Npy.read(file);
        assertEquals(NpyType.of(dtype), array.type());
        assertArrayEquals(new long[] {rows, 3}, array.shape());
        assertArrayEquals(matrix.toArray(), array.toDoubles());
      }
    }
  }

  @EveryBackend
  void fillsViewsWithGaps(Backend backend, DType dtype) {
    NpyArray quarters = Npy.read(Fixtures.numpy("f8.npy"));
    try (Matrix matrix = backend.zeros(dtype, 5, 6)) {
      quarters.copyTo(matrix.block(1, 1, 3, 4));
      assertEquals(QUARTERS[0], matrix.get(1, 1));
      assertEquals(QUARTERS[11], matrix.get(3, 4));
      assertEquals(0, matrix.get(2, 5));
      assertThrows(ShapeMismatch.class, () -> quarters.copyTo(matrix));
    }
  }

  @EveryBackend
  void writesViewsWithGapsAndOtherShapes(Backend backend) {
    try (Matrix matrix = backend.matrix(4, 6,
        IntStream.range(0, 24).asDoubleStream().toArray())) {
      Path view = folder.resolve("view.npy");
      Npy.write(view, IfExists.REFUSE, matrix.block(1, 2, 2, 3));
      assertArrayEquals(new double[] {8, 9, 10, 14, 15, 16}, Npy.read(view).toDoubles());

      Path cube = folder.resolve("cube.npy");
      Npy.write(cube, IfExists.REFUSE, matrix, 2, 3, 4);
      assertArrayEquals(new long[] {2, 3, 4}, Npy.read(cube).shape());
      assertThrows(ShapeMismatch.class, () -> Npy.write(cube, IfExists.REPLACE, matrix, 5, 5));
      assertThrows(ShapeMismatch.class, () -> Npy.write(cube, IfExists.REPLACE, matrix, -4, -6));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"f8", "f4", "i4", "i8", "u1", "b1", "scalar", "one", "column", "empty", "text", "fortran"})
  void writesTheBytesThatNumPyWrites(String name) throws IOException {
    Path original = Fixtures.numpy(name + ".npy");
    Path copy = folder.resolve("copy.npy");
    Npy.write(copy, IfExists.REFUSE, Npy.read(original));
    assertArrayEquals(Files.readAllBytes(original), Files.readAllBytes(copy));
  }

  @Test
  void keepsAnExistingFileUnlessForced() {
    Path file = folder.resolve("x.npy");
    Npy.write(file, IfExists.REFUSE, NpyArray.of("erf"));
    assertThrows(InvalidArgument.class, () -> Npy.write(file, IfExists.REFUSE, NpyArray.of("relu")));
    assertEquals("erf", Npy.read(file).toText());
    Npy.write(file, IfExists.REPLACE, NpyArray.of(""));
    assertEquals("", Npy.read(file).toText());
  }

  @Test
  void leaksNoMemoryWhenAFileCannotBeUploaded() {
    long open = MemoryLedger.openBlocks();
    try (Backend backend = Fixtures.memoryOnly()) {
      assertThrows(InvalidData.class, () -> Npy.read(Fixtures.numpy("texts.npy"), backend));
    }
    assertEquals(open, MemoryLedger.openBlocks());
  }

  private static void assertMessage(String part, Executable call) {
    String message = assertThrows(InvalidData.class, call).getMessage();
    assertTrue(message.contains(part), message);
  }
}
