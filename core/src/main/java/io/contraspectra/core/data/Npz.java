package io.contraspectra.core.data;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.UseAfterClose;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * NumPy's {@code .npz} archives: named arrays in a zip file, stored or deflated, zip64 included. Opening reads the
 * directory only; an array is read when it is asked for.
 *
 * <p>Reading an array goes through its bytes twice: once to count and checksum them, so that no claim of the archive or
 * of the array's header is believed before anything of its size is allocated, and once to keep them.
 *
 * <p>Thread-safe. Every file that cannot be read gives {@link InvalidData}.
 */
public final class Npz implements AutoCloseable {

  private static final String SUFFIX = ".npy";
  private static final int NAMES_SHOWN = 12;

  private final Path path;
  private final ZipFile zip;
  private final SequencedMap<String, ZipEntry> entries;

  private Npz(Path path, ZipFile zip, SequencedMap<String, ZipEntry> entries) {
    this.path = path;
    this.zip = zip;
    this.entries = entries;
  }

  /** Opens an archive, which the caller must close. */
  public static Npz open(Path path) {
    try {
      var zip = new ZipFile(path.toFile());
      try {
        return new Npz(path, zip, arrays(path, zip));
      } catch (RuntimeException e) {
        zip.close();
        throw e;
      }
    } catch (IOException | IllegalArgumentException e) {
      throw FileErrors.badArchive(path, e);
    }
  }

  /**
   * Writes an archive.
   *
   * @param content puts the arrays, e.g. {@code npz -> npz.put("values", values)}
   * @throws InvalidArgument if the file exists and may not be replaced
   * @throws UncheckedIOException if the system cannot write
   */
  public static void write(Path path, IfExists ifExists, Content content) {
    AtomicFile.write(path, ifExists, out -> {
      try (var zip = new ZipOutputStream(out)) {
        content.putInto(new NpzWriter(zip));
      }
    });
  }

  /** What goes into an archive. */
  @FunctionalInterface
  public interface Content {

    /** Puts every array. */
    void putInto(NpzWriter npz) throws IOException;
  }

  /** Names of the arrays, in the archive's order. */
  public SequencedSet<String> names() {
    return Collections.unmodifiableSequencedSet(entries.sequencedKeySet());
  }

  /** Whether there is an array of that name. */
  public boolean has(String array) {
    return entries.containsKey(array);
  }

  /**
   * Reads an array of any shape.
   *
   * @throws InvalidData if it is missing or damaged
   */
  public NpyArray get(String array) {
    return read(array, (name, header, payload) -> new NpyArray(name, header, payload.take(header.bytes())));
  }

  /**
   * Reads a matrix to a backend piece by piece.
   *
   * @param dtype element type of the result; numbers of other types are converted
   * @return a matrix that the caller must close: an array of one axis becomes a column n x 1, a scalar 1 x 1
   * @throws InvalidData if the array is missing, damaged, or no matrix
   */
  public Matrix matrix(String array, Backend backend, DType dtype) {
    return read(array, (name, header, payload) -> Upload.matrix(name, header, payload, backend, dtype));
  }

  @Override
  public void close() {
    try {
      zip.close();
    } catch (IOException e) {
      throw FileErrors.unreadable(path, e);
    }
  }

  private interface Use<T> {
    T with(String name, NpyHeader header, Payload payload);
  }

  private <T> T read(String array, Use<T> use) {
    String name = path + ", array " + array;
    ZipEntry entry = entry(array);
    try {
      verify(entry, name);
      try (InputStream in = stream(entry)) {
        return use.with(name, NpyHeader.read(in, name), Payload.of(in, path));
      }
    } catch (IOException | IllegalArgumentException e) {
      throw FileErrors.badArchive(path, e);
    }
  }

  private InputStream stream(ZipEntry entry) throws IOException {
    try {
      return zip.getInputStream(entry);
    } catch (IllegalStateException _) {
      throw new UseAfterClose(path + " was closed before " + entry.getName() + " was read; keep it open until then");
    }
  }

  private ZipEntry entry(String array) {
    ZipEntry entry = entries.get(array);
    if (entry == null) {
      String known = entries.keySet().stream().limit(NAMES_SHOWN).collect(Collectors.joining(", "));
      throw new InvalidData(path + " has no array '" + array + "'; it holds "
          + (entries.isEmpty() ? "none" : known) + (entries.size() > NAMES_SHOWN ? ", ..." : ""));
    }
    return entry;
  }

  /** Goes through an entry without keeping it. */
  private void verify(ZipEntry entry, String name) throws IOException {
    try (var in = new CheckedInputStream(stream(entry), new CRC32())) {
      NpyHeader header = NpyHeader.read(in, name);
      header.requireBytes(count(in, header.bytes()), name);
      if (in.getChecksum().getValue() != entry.getCrc()) {
        throw new InvalidData(name + ": the bytes do not have the checksum that the archive states; the file is "
            + "damaged, write it again");
      }
    }
  }

  /** Bytes left in a stream; ends soon after {@code enough}, so that a zip bomb costs no more than it claims. */
  private static long count(InputStream in, long enough) throws IOException {
    var buffer = new byte[1 << 13];
    long count = 0;
    for (int read = in.read(buffer); read >= 0 && count <= enough; read = in.read(buffer)) {
      count += read;
    }
    return count;
  }

  private static SequencedMap<String, ZipEntry> arrays(Path path, ZipFile zip) {
    var arrays = new LinkedHashMap<String, ZipEntry>();
    zip.stream().filter(entry -> entry.getName().endsWith(SUFFIX)).forEach(entry -> {
      String name = entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
      if (arrays.put(name, entry) != null) {
        throw new InvalidData(path + " holds two arrays named '" + name + "'; save it again with distinct names");
      }
    });
    return arrays;
  }
}
