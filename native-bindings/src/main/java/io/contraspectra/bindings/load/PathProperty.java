package io.contraspectra.bindings.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

/**
 * A file, or a folder holding one, that the user names in a system property. Once set, it binds.
 *
 * @param property the name of the system property
 * @param fileNames the file names looked for in a folder, best first
 */
public record PathProperty(String property, List<String> fileNames) implements LibrarySource {
  @Override
  public String description() {
    return "system property " + property;
  }

  @Override
  public boolean isBinding() {
    return System.getProperty(property) != null;
  }

  @Override
  public String absence() {
    return "not set";
  }

  @Override
  public List<Path> candidates() throws IOException {
    var value = System.getProperty(property);
    if (value == null) {
      return List.of();
    }
    var path = parse(value);
    if (Files.isDirectory(path)) {
      return List.of(libraryIn(path));
    }
    if (!Files.exists(path)) {
      throw new IOException("no such file or folder: '" + value + "'");
    }
    return List.of(path);
  }

  private static Path parse(String value) throws IOException {
    try {
      return Path.of(value).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw new IOException("not a path: " + e.getMessage(), e);
    }
  }

  private Path libraryIn(Path folder) throws IOException {
    return fileNames.stream()
        .map(folder::resolve)
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(() -> new IOException(folder + " holds none of " + String.join(", ", fileNames)));
  }
}
