package io.contraspectra.core.data;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.ContraSpectraException;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.network.Activation;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** No file, however damaged, brings out anything but the library's own errors, or memory beyond the file's own size. */
class MutatedArraysTest {

  private static final int FILES = 100_000;
  private static final long SEED = 20_261_122;
  // What a reader may allocate for one small file: buffers, text, exceptions, and the elements a few times over.
  private static final long MAX_ALLOCATED = 4 << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @TempDir
  private Path folder;

  @Test
  void survivesAHundredThousandMutations() throws IOException {
    var random = new SplittableRandom(SEED);
    List<Path> valid = Stream.of(".npy", ".npz", "-ubyte", ".gz")
        .flatMap(suffix -> Fixtures.list(Fixtures.numpy("f8.npy").getParent(), suffix).stream())
        .toList();
    List<byte[]> contents = new ArrayList<>();
    for (Path file : valid) {
      contents.add(Files.readAllBytes(file));
    }
    int refused = 0;
    // One file, written over and over: some systems flush a file to disk that was emptied before.
    Path file = folder.resolve("mutated");
    try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < FILES; i++) {
        byte[] mutated = Mutations.mutate(contents.get(i % contents.size()), random);
        channel.write(ByteBuffer.wrap(mutated), 0);
        channel.truncate(mutated.length);
        refused += isRefused(file, mutated, valid.get(i % contents.size())) ? 1 : 0;
      }
    }
    assertTrue(refused > FILES / 2, () -> "most damage must be noticed");
    assertTrue(refused < FILES, () -> "some damage, as to the numbers themselves, cannot be noticed");
  }

  @Test
  void believesNoHeaderLength() throws IOException {
    byte[] bytes = Files.readAllBytes(Fixtures.numpy("v2.npy"));
    Arrays.fill(bytes, 8, 12, (byte) 0xFF);
    Path file = Files.write(folder.resolve("x.npy"), bytes);
    String message = assertThrows(InvalidData.class, () -> Npy.read(file)).getMessage();
    assertTrue(message.contains("header claims 4294967295 bytes"), message);
  }

  @Test
  void keepsNothingOfAZipBomb() throws IOException {
    Path file = folder.resolve("bomb.npz");
    byte[] header = NpyHeader.rowMajor(NpyType.of(NpyType.Kind.F8), Shape.of(3)).encode();
    bomb(file, header, 1 << 28);
    long before = allocated();
    try (Npz npz = Npz.open(file)) {
      String message = assertThrows(InvalidData.class, () -> npz.get("x")).getMessage();
      assertTrue(message.contains("but more bytes follow"), message);
    }
    assertTrue(allocated() - before < MAX_ALLOCATED);
  }

  @Test
  void allocatesNothingForAClaimThatACompressedEntryDoesNotKeep() throws IOException {
    Path file = folder.resolve("lie.npz");
    byte[] header = NpyHeader.rowMajor(NpyType.of(NpyType.Kind.F8), Shape.of(1_000_000, 1_000_000)).encode();
    bomb(file, header, 1 << 16);
    long before = allocated();
    try (Npz npz = Npz.open(file)) {
      String message = assertThrows(InvalidData.class, () -> npz.get("x")).getMessage();
      assertTrue(message.contains("but 65536 bytes follow"), message);
    }
    assertTrue(allocated() - before < MAX_ALLOCATED);
  }

  private static boolean isRefused(Path file, byte[] bytes, Path original) {
    long before = allocated();
    boolean refused = false;
    try {
      readAll(file, original.toString());
    } catch (ContraSpectraException e) {
      assertTrue(e.getMessage().lines().count() <= 3, e.getMessage());
      refused = true;
    } catch (RuntimeException | Error e) {
      fail(original.getFileName() + " mutated to " + HexFormat.of().formatHex(bytes), e);
    }
    assertTrue(allocated() - before < MAX_ALLOCATED, () -> "too much memory for a mutation of " + original);
    return refused;
  }

  private static void readAll(Path file, String original) {
    if (original.endsWith("state-dict.npz")) {
      try (Backend backend = Fixtures.memoryOnly()) {
        NetworkFile.read(file, backend, DType.F64, Activation.RELU).close();
      }
    } else if (original.endsWith(".npz")) {
      try (Npz npz = Npz.open(file)) {
        npz.names().forEach(name -> decode(npz.get(name)));
      }
    } else if (original.endsWith(".npy")) {
      decode(Npy.read(file));
    } else {
      DataFiles.read(file);
    }
  }

  private static void decode(NpyArray array) {
    if (array.type().kind().isText()) {
      array.toStrings();
    } else {
      array.toDoubles();
    }
  }

  private static void bomb(Path file, byte[] header, int zeros) throws IOException {
    try (var zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("x.npy"));
      zip.write(header);
      var block = new byte[1 << 16];
      for (int i = 0; i < zeros; i += block.length) {
        zip.write(block);
      }
    }
  }

  /** Bytes that this thread has allocated on the heap so far. */
  private static long allocated() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }
}
