package io.contraspectra.core.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.matrix.InvalidArgument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir
  private Path folder;

  @Test
  void keepsAnExistingFileUnlessForced() throws IOException {
    Path file = Files.writeString(folder.resolve("x.csv"), "old");
    assertEquals(file + " exists already; choose another path or force overwriting (--force)",
        assertThrows(InvalidArgument.class, () -> write(file, IfExists.REFUSE)).getMessage());
    assertEquals("old", Files.readString(file));
    write(file, IfExists.REPLACE);
    assertEquals("new", Files.readString(file));
    assertEquals(List.of(file), Fixtures.list(folder, ""));
  }

  @Test
  void leavesTheOldFileWhenWritingFails() throws IOException {
    Path file = Files.writeString(folder.resolve("x.csv"), "old");
    var failure = assertThrows(UncheckedIOException.class, () -> AtomicFile.write(file, IfExists.REPLACE, out -> {
      out.write(1);
      throw new IOException("No space left on device");
    }));
    assertTrue(failure.getMessage().startsWith(file + " cannot be written: No space left"), failure.getMessage());
    assertEquals("old", Files.readString(file));
    assertEquals(List.of(file), Fixtures.list(folder, ""));
  }

  @Test
  void namesAFolderThatIsMissingOrInTheWay() {
    assertThrows(InvalidArgument.class, () -> write(folder, IfExists.REPLACE));
    Path lost = folder.resolve("missing/x.csv");
    String message = assertThrows(InvalidArgument.class, () -> write(lost, IfExists.REFUSE)).getMessage();
    assertTrue(message.contains("missing does not exist; create it first"), message);
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void followsLinksAndWritesToDevices() throws IOException {
    Path file = Files.writeString(folder.resolve("x.csv"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.csv"), file);
    write(link, IfExists.REPLACE);
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(file));
    write(Path.of("/dev/null"), IfExists.REFUSE);
    assertTrue(!Files.isRegularFile(Path.of("/dev/null")));
  }

  private static void write(Path file, IfExists ifExists) {
    AtomicFile.write(file, ifExists, out -> out.write("new".getBytes()));
  }
}
