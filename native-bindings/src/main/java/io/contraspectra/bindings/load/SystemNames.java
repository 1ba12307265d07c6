package io.contraspectra.bindings.load;

import java.nio.file.Path;
import java.util.List;

/**
 * Names that the system's own loader resolves along its search path.
 *
 * @param names library names as the platform writes them, for example {@code libopenblas.so.0}
 */
public record SystemNames(List<String> names) implements LibrarySource {
  @Override
  public String description() {
    return "system library";
  }

  @Override
  public String absence() {
    return "no name known on this platform";
  }

  @Override
  public List<Path> candidates() {
    return names.stream().map(Path::of).toList();
  }
}
