package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.TripletSamplers;
import io.contraspectra.core.loss.TripletLoss;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.ntk.NtkDrift;
import io.contraspectra.core.random.RandomStreams;
import io.contraspectra.core.training.GradientDescent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java example, compiled and run by a JVM without a flag, as a reader would. */
class ReadmeExampleTest {

  private static final Pattern JAVA = Pattern.compile("```java\\R(.*?)```", Pattern.DOTALL);
  private static final Pattern DRIFT = Pattern.compile("relative drift of the NTK: (\\S+)");
  /** One class of each package that the example uses. */
  private static final List<Class<?>> USED = List.of(Backend.class, TripletSamplers.class, TripletLoss.class,
      DType.class, Network.class, NtkDrift.class, RandomStreams.class, GradientDescent.class);

  @TempDir
  private Path folder;

  @Test
  void printsASmallDrift() throws Exception {
    List<String> blocks = JAVA.matcher(Files.readString(Path.of("..", "README.md"))).results()
        .map(block -> block.group(1)).toList();
    assertEquals(1, blocks.size());
    String imports = USED.stream()
        .map(type -> "import " + type.getPackageName() + ".*;\n").collect(Collectors.joining());
    Path source = folder.resolve("Example.java");
    Files.writeString(source, imports + "void main() {\n" + blocks.getFirst() + "}\n");

    ChildProcess run = ChildProcess.start(folder, Map.of("HOME", System.getProperty("user.home")),
        ChildProcess.java(source.toString()));
    assertEquals(0, run.exitCode(), run.errors());
    Matcher printed = DRIFT.matcher(run.output().strip());
    assertTrue(printed.matches(), run.output());
    double drift = Double.parseDouble(printed.group(1));
    assertTrue(drift > 0 && drift < 0.1, run.output());
  }
}
