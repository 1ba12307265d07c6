package io.contraspectra.bindings.load;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * Keeps libraries extracted from jars on disk, so that only the first start pays for it.
 *
 * <p>Each set of files has a folder of its own, {@code <root>/<name>-<size>-<checksum>}, with mode 0700 and our own
 * user as owner: whoever can write there can run code as us. Files are written beside their place and moved into it
 * atomically, one by one. That makes a first start, a repair and a race between processes the same thing: nobody ever
 * opens half a file, and whoever comes second replaces a file by an equal one.
 *
 * <p>The first usable root is taken: {@code $XDG_CACHE_HOME/contraspectra} or {@code ~/.cache/contraspectra}, then
 * {@code contraspectra-<user>} in the temporary folder. The system property {@value #PROPERTY} replaces them all.
 */
public final class ExtractionCache {
  /** Names the system property that holds the folder to extract libraries into. */
  public static final String PROPERTY = "contraspectra.cache";

  /** Extracted files carry this time: one that was rewritten since betrays itself without being read. */
  private static final FileTime STAMP = FileTime.fromMillis(946_684_800_000L); // 2000-01-01

  private final List<Root> roots;

  /**
   * Where to extract to.
   *
   * @param shared whether its parent is open to other users, so that the root itself must prove to be ours
   */
  record Root(Path path, boolean shared) {}

  ExtractionCache(List<Root> roots) {
    this.roots = roots;
  }

  /** The cache at the default roots, or at the one that the user set. */
  static ExtractionCache standard() {
    var chosen = System.getProperty(PROPERTY);
    if (chosen != null) {
      return new ExtractionCache(List.of(new Root(Path.of(chosen).toAbsolutePath(), false)));
    }
    var temporary = Path.of(System.getProperty("java.io.tmpdir"), "contraspectra-" + System.getProperty("user.name"));
    return new ExtractionCache(List.of(
        new Root(userCache().resolve("contraspectra"), false), new Root(temporary.toAbsolutePath(), true)));
  }

  private static Path userCache() {
    var xdg = System.getenv("XDG_CACHE_HOME");
    return xdg != null && Path.of(xdg).isAbsolute() ? Path.of(xdg) : Path.of(System.getProperty("user.home"), ".cache");
  }

  /**
   * A folder of the cache, as private as the others, for files that are made at run time.
   *
   * @throws IOException when no root can be used; the message gives the reason for each
   */
  public static Path folder(String name) throws IOException {
    return standard().firstUsable(root -> openFolder(root, name));
  }

  /** What can be done under a root. */
  @FunctionalInterface
  private interface Use {
    Path of(Root root) throws IOException;
  }

  /**
   * Makes sure that the resources lie on disk, side by side.
   *
   * @return the folder that holds them
   * @throws IOException when no root can be used; the message gives the reason for each
   */
  Path extract(String name, List<Resource> resources) throws IOException {
    return firstUsable(root -> extractUnder(root, name + "-" + key(resources), resources));
  }

  private Path firstUsable(Use use) throws IOException {
    var refusals = new ArrayList<String>();
    for (var root : roots) {
      try {
        var folder = use.of(root);
        if (!refusals.isEmpty()) {
          System.getLogger(ExtractionCache.class.getName())
              .log(Level.WARNING, "libraries are cached in {0}: {1}", folder, String.join("; ", refusals));
        }
        return folder;
      } catch (IOException e) {
        refusals.add("cannot use cache " + root.path() + ": " + Reasons.of(e));
      }
    }
    throw new IOException(String.join("; ", refusals) + "; set -D" + PROPERTY + " to a writable folder");
  }

  private static Path extractUnder(Root root, String name, List<Resource> resources) throws IOException {
    var folder = openFolder(root, name);
    for (var resource : resources) {
      var file = folder.resolve(resource.fileName());
      if (!isIntact(file, resource)) {
        write(resource, file);
      }
    }
    return folder;
  }

  private static Path openFolder(Root root, String name) throws IOException {
    if (root.shared()) {
      PrivateFolder.open(root.path());
    } else {
      PrivateFolder.createAll(root.path());
    }
    return PrivateFolder.open(root.path().resolve(name));
  }

  /** Names one version of a set of files by what the jar's directory says of them. */
  private static String key(List<Resource> resources) {
    var checksum = new CRC32();
    long size = 0;
    for (var resource : resources) {
      checksum.update((resource.fileName() + ' ' + resource.size() + ' ' + resource.crc() + '\n').getBytes());
      size += resource.size();
    }
    return size + "-" + Long.toHexString(checksum.getValue());
  }

  private static boolean isIntact(Path file, Resource resource) throws IOException {
    try {
      var found = Files.readAttributes(file, BasicFileAttributes.class);
      return found.isRegularFile() && found.size() == resource.size() && found.lastModifiedTime().equals(STAMP);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static void write(Resource resource, Path file) throws IOException {
    var part = Files.createTempFile(file.getParent(), resource.fileName(), ".part");
    try {
      copy(resource, part);
      Files.setLastModifiedTime(part, STAMP);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static void copy(Resource resource, Path target) throws IOException {
    try (var in = new CheckedInputStream(resource.read(), new CRC32()); var out = Files.newOutputStream(target)) {
      long size = in.transferTo(out);
      boolean sameSum = resource.crc() == -1 || resource.crc() == in.getChecksum().getValue();
      if (size != resource.size() || !sameSum) {
        throw new IOException("the jar is damaged at " + resource.url());
      }
    }
  }
}
