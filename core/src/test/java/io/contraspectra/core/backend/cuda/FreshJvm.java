package io.contraspectra.core.backend.cuda;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs a class of the tests in a JVM of its own: what native libraries are loaded stays loaded. */
final class FreshJvm {

  private FreshJvm() {}

  /**
   * Everything that the class prints, to either stream.
   *
   * @param environment variables to set; of this JVM's own, those that begin with CUDA_ are kept only if asked for
   * @param keepCuda whether they are
   * @param flags for the JVM
   */
  static String output(Class<?> main, Map<String, String> environment, boolean keepCuda, String... flags)
      throws IOException {
    String path = Stream.of(System.getProperty("jdk.module.path", ""), System.getProperty("java.class.path", ""),
        classes(main).toString()).filter(entries -> !entries.isEmpty()).collect(Collectors.joining(File.pathSeparator));
    var command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--class-path", path, "--enable-native-access=ALL-UNNAMED"));
    command.addAll(Arrays.asList(flags));
    command.add(main.getName());
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    if (!keepCuda) {
      builder.environment().keySet().removeIf(name -> name.startsWith("CUDA_"));
    }
    builder.environment().putAll(environment);
    return new String(builder.start().getInputStream().readAllBytes());
  }

  private static Path classes(Class<?> main) {
    Path file = Path.of(URI.create(main.getResource(main.getSimpleName() + ".class").toString()));
    return file.resolve("../".repeat(main.getName().split("\\.").length)).normalize();
  }
}
