package io.contraspectra.core.data;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Engine;
import io.contraspectra.core.matrix.HostMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Test files, and a backend that can do nothing but hold memory. */
final class Fixtures {

  private Fixtures() {}

  /** A file that real NumPy wrote, see {@code make_fixtures.py} beside it. */
  static Path numpy(String name) {
    return resource(name);
  }

  /** The shared reference arrays. */
  static Path golden(String name) {
    return resource("/golden/ntk/" + name);
  }

  static List<Path> list(Path folder, String suffix) {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Backend memoryOnly() {
    var engine = (Engine) Proxy.newProxyInstance(Engine.class.getClassLoader(), new Class<?>[] {Engine.class},
        (_, method, arguments) -> switch (method.getName()) {
          case "allocate" -> HostMemory.allocate((long) arguments[0]);
          case "space" -> HostMemory.SPACE;
          case "name" -> "memory";
          case "close" -> null;
          default -> throw new UnsupportedOperationException(method.getName());
        });
    return new Backend(engine);
  }

  private static Path resource(String name) {
    URL url = Objects.requireNonNull(Fixtures.class.getResource(name), name);
    try {
      return Path.of(new URI(url.toString()));
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
