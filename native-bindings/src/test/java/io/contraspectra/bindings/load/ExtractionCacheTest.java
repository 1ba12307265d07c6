package io.contraspectra.bindings.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.contraspectra.bindings.load.ExtractionCache.Root;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExtractionCacheTest {
  private static final String LIBRARY = "libdemo.so.0";
  private static final String COMPANION = "libhelp.so.1";

  @TempDir Path temporary;
  private final byte[] content = new byte[300_000];
  private List<Resource> resources = List.of();

  @BeforeEach
  void packJar() throws IOException {
    new Random(1).nextBytes(content);
    resources = jar("demo.jar", content);
  }

  @Test
  void firstStartExtractsIntoAPrivateFolder() throws IOException {
    var folder = cache("cache").extract("demo", resources);
    assertArrayEquals(content, Files.readAllBytes(folder.resolve(LIBRARY)));
    assertTrue(Files.exists(folder.resolve(COMPANION)));
    assertEquals(2, list(folder).size(), "no temporary file stays behind");
    assumePosix();
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
  }

  @Test
  void warmStartReadsNoJar() throws IOException {
    var folder = cache("cache").extract("demo", resources);
    Files.delete(temporary.resolve("demo.jar"));
    assertEquals(folder, cache("cache").extract("demo", resources));
  }

  @Test
  void truncatedFileIsReplaced() throws IOException {
    var library = cache("cache").extract("demo", resources).resolve(LIBRARY);
    Files.write(library, new byte[10]);
    cache("cache").extract("demo", resources);
    assertArrayEquals(content, Files.readAllBytes(library));
  }

  @Test
  void fileRewrittenWithTheSameSizeIsReplaced() throws IOException {
    var library = cache("cache").extract("demo", resources).resolve(LIBRARY);
    Files.write(library, new byte[content.length]);
    cache("cache").extract("demo", resources);
    assertArrayEquals(content, Files.readAllBytes(library));
  }

  @Test
  void missingFileIsReplaced() throws IOException {
    var companion = cache("cache").extract("demo", resources).resolve(COMPANION);
    Files.delete(companion);
    cache("cache").extract("demo", resources);
    assertTrue(Files.exists(companion));
  }

  @Test
  void anotherVersionHasItsOwnFolder() throws IOException {
    var other = content.clone();
    other[0]++;
    assertNotEquals(cache("cache").extract("demo", resources),
        cache("cache").extract("demo", jar("newer.jar", other)));
  }

  @Test
  void racingStartsAllSeeWholeFiles() throws Exception {
    try (var pool = Executors.newFixedThreadPool(8)) {
      var starts = new ArrayList<Callable<byte[]>>();
      for (int i = 0; i < 64; i++) {
        var cache = cache("race" + i % 4);
        starts.add(() -> Files.readAllBytes(cache.extract("demo", resources).resolve(LIBRARY)));
      }
      for (var read : pool.invokeAll(starts)) {
        assertArrayEquals(content, read.get());
      }
    }
    for (int i = 0; i < 4; i++) {
      assertEquals(2, list(list(temporary.resolve("race" + i)).getFirst()).size());
    }
  }

  @Test
  void unusableRootGivesWayToTheNext() throws IOException {
    var blocked = Files.writeString(temporary.resolve("blocked"), "a file where a folder should be");
    var next = temporary.resolve("next");
    var cache = new ExtractionCache(List.of(new Root(blocked.resolve("x"), false), new Root(next, true)));
    assertTrue(cache.extract("demo", resources).startsWith(next));
  }

  @Test
  void noUsableRootIsReportedWithTheReason() throws IOException {
    var blocked = Files.writeString(temporary.resolve("blocked"), "a file where a folder should be");
    var cache = new ExtractionCache(List.of(new Root(blocked, true)));
    var refusal = assertThrows(IOException.class, () -> cache.extract("demo", resources));
    assertEquals("cannot use cache %s: %s is not a folder; set -Dcontraspectra.cache to a writable folder"
        .formatted(blocked, blocked), refusal.getMessage());
  }

  @Test
  void folderOpenToOthersIsRefused() throws IOException {
    assumePosix();
    var folder = cache("cache").extract("demo", resources);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    var refusal = assertThrows(IOException.class, () -> cache("cache").extract("demo", resources));
    assertTrue(refusal.getMessage().contains("other users may write to " + folder), refusal.getMessage());
  }

  @Test
  void linkInPlaceOfTheFolderIsRefused() throws IOException {
    assumePosix();
    var folder = cache("cache").extract("demo", resources);
    Files.move(folder, temporary.resolve("elsewhere"));
    Files.createSymbolicLink(folder, temporary.resolve("elsewhere"));
    var refusal = assertThrows(IOException.class, () -> cache("cache").extract("demo", resources));
    assertTrue(refusal.getMessage().contains("is not a folder"), refusal.getMessage());
  }

  @Test
  void damagedJarIsReportedAndLeavesNothing() throws IOException {
    var lie = resources.stream().map(r -> new Resource(r.fileName(), r.url(), r.size(), r.crc() ^ 1)).toList();
    var refusal = assertThrows(IOException.class, () -> cache("cache").extract("demo", lie));
    assertTrue(refusal.getMessage().contains("the jar is damaged at jar:file:"), refusal.getMessage());
    assertEquals(List.of(), list(list(temporary.resolve("cache")).getFirst()));
  }

  @Test
  void propertyReplacesTheDefaultRoots() throws IOException {
    System.setProperty(ExtractionCache.PROPERTY, temporary.resolve("mine").toString());
    try {
      assertTrue(ExtractionCache.standard().extract("demo", resources).startsWith(temporary.resolve("mine")));
    } finally {
      System.clearProperty(ExtractionCache.PROPERTY);
    }
  }

  private ExtractionCache cache(String name) {
    return new ExtractionCache(List.of(new Root(temporary.resolve(name), false)));
  }

  private List<Resource> jar(String name, byte[] library) throws IOException {
    var file = temporary.resolve(name);
    try (var jar = new JarOutputStream(Files.newOutputStream(file))) {
      jar.putNextEntry(new JarEntry("native/" + LIBRARY));
      jar.write(library);
      jar.putNextEntry(new JarEntry("native/" + COMPANION));
      jar.write(library, 0, 1000);
    }
    var root = "jar:" + file.toUri() + "!/native/";
    return List.of(Resource.at(LIBRARY, URI.create(root + LIBRARY).toURL()),
        Resource.at(COMPANION, URI.create(root + COMPANION).toURL()));
  }

  private static List<Path> list(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.toList();
    }
  }

  private static void assumePosix() {
    assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "needs POSIX rights");
  }
}
