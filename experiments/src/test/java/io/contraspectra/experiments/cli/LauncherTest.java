package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a project of its own, whose JDK and Maven are scripts that tell how they were called. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a shell script")
class LauncherTest {

  private static final List<String> TOOLS =
      List.of("mkdir", "flock", "dirname", "readlink", "sed", "find", "head", "mktemp", "touch", "rm", "grep", "cat");

  @TempDir
  private Path folder;

  private final Map<String, String> environment = new HashMap<>();
  private Path launcher;

  @BeforeEach
  void makeProject() throws IOException {
    Path tools = Files.createDirectory(folder.resolve("tools"));
    for (String tool : TOOLS) {
      Optional<Path> real = Stream.of("/usr/bin", "/bin")
          .map(bin -> Path.of(bin, tool)).filter(Files::exists).findFirst();
      if (real.isPresent()) {
        script(tools.resolve(tool), "exec " + real.get() + " \"$@\"");
      }
    }
    environment.put("PATH", tools.toString());
    environment.put("HOME", folder.toString());
    environment.put("CONTRASPECTRA_JDK_FOLDER", Files.createDirectory(folder.resolve("jdks")).toString());
    launcher = Files.createDirectories(folder.resolve("pro ject/bin")).resolve("contraspectra");
    Files.copy(Path.of("..", "bin", "contraspectra"), launcher);
    Files.writeString(project("pom.xml"), "");
    Files.writeString(project("experiments/target/lib/core.jar"), "");
    Files.writeString(project("experiments/target/lib/openblas-1-linux.jar"), "");
    Files.writeString(project("experiments/target/contraspectra-experiments-1.jar"), "");
    Files.writeString(project("experiments/target/launcher.stamp"), "");
    Files.setLastModifiedTime(project("pom.xml"), FileTime.from(Instant.now().minus(Duration.ofHours(1))));
  }

  @Test
  void saysWhatToInstallWhereNoJdkIsNewEnough() throws Exception {
    environment.put("JAVA_HOME", jdk("jdks/old", "17.0.12").toString());
    jdk("jdks/broken", "");
    ChildProcess run = launch(launcher, "info");
    assertEquals(ExitCodes.ENVIRONMENT, run.exitCode());
    assertEquals("", run.output());
    assertEquals(List.of(
        "contraspectra: no JDK 25 or newer found in JAVA_HOME, on PATH or in the usual install folders.",
        "Install one (for example Temurin 25) and set JAVA_HOME to its folder."), run.errors().lines().toList());
  }

  @Test
  void looksInJavaHomeThenOnThePathThenInTheFolders() throws Exception {
    jdk("jdks/old", "21.0.1");
    assertFound(jdk("jdks/new", "25.0.1"));
    Path onPath = jdk("on-path", "26");
    environment.merge("PATH", ":" + onPath.resolve("bin"), String::concat);
    assertFound(onPath);
    Path home = jdk("home", "25");
    environment.put("JAVA_HOME", home.toString());
    assertFound(home);
    environment.put("JAVA_HOME", folder.resolve("nowhere").toString());
    assertFound(onPath);
  }

  @Test
  void startsFromAnyDirectoryThroughLinksAndKeepsArguments() throws Exception {
    environment.put("JAVA_HOME", jdk("home", "25").toString());
    environment.put("CONTRASPECTRA_JAVA_OPTIONS", "-Da=1 -Db=2");
    Path relative = Files.createSymbolicLink(folder.resolve("link"), Path.of("pro ject", "bin", "contraspectra"));
    Path absolute = Files.createSymbolicLink(folder.resolve("tools/contraspectra"), relative);
    for (Path start : List.of(launcher, relative, absolute)) {
      ChildProcess run = launch(start, "ntk", "--input", "my file.npy", "");
      assertEquals(7, run.exitCode(), run.errors());
      assertEquals("", run.errors());
      List<String> arguments = run.output().lines().toList();
      Path target = launcher.getParent().getParent().resolve("experiments/target").toRealPath();
      int modules = arguments.indexOf("--module-path");
      assertEquals(target + "/contraspectra-experiments-1.jar:" + target + "/lib/core.jar", arguments.get(modules + 1));
      int classes = arguments.indexOf("--class-path");
      assertEquals(target + "/lib/openblas-1-linux.jar", arguments.get(classes + 1));
      assertTrue(arguments.containsAll(List.of("-Da=1", "-Db=2", "-Djava.awt.headless=true")), run.output());
      assertEquals(
          List.of("ntk", "--input", "my file.npy", ""), arguments.subList(arguments.size() - 4, arguments.size()));
    }
  }

  @Test
  void buildsOnceWhenSourcesAreNewer() throws Exception {
    environment.put("JAVA_HOME", jdk("home", "25").toString());
    script(project("mvnw"), "echo noise; echo \"$@\" >> \"" + folder + "/builds\"");
    for (int repetition = 0; repetition < 2; repetition++) {
      Files.writeString(project("core/src/main/A.java"), "class A {}");
      Files.setLastModifiedTime(project("experiments/target/launcher.stamp"),
          FileTime.from(Instant.now().minus(Duration.ofMinutes(1))));
      Files.setLastModifiedTime(project("core/src/main/A.java"), FileTime.from(Instant.now().minusSeconds(10)));
      assertEquals(List.of("contraspectra: building (once, a minute or so)"),
          launch(launcher, "info").errorsAfterExit(7));
      assertEquals(List.of(), launch(launcher, "info").errorsAfterExit(7));
      assertEquals(repetition + 1, Files.readAllLines(folder.resolve("builds")).size());
    }
  }

  @Test
  void ofTwoStartedAtOnceOneBuildsAndTheOtherWaits() throws Exception {
    assumeTrue(Files.exists(folder.resolve("tools/flock")), "this system has no flock");
    environment.put("JAVA_HOME", jdk("home", "25").toString());
    Files.delete(project("experiments/target/launcher.stamp"));
    script(project("mvnw"), "echo build >> \"" + folder + "/builds\"; /bin/sleep 1");
    ChildProcess first = launch(launcher, "info");
    ChildProcess second = launch(launcher, "info");
    assertEquals(7, first.exitCode(), first.errors());
    assertEquals(7, second.exitCode(), second.errors());
    assertEquals(List.of("build"), Files.readAllLines(folder.resolve("builds")));
  }

  @Test
  void reportsABuildThatFails() throws Exception {
    environment.put("JAVA_HOME", jdk("home", "25").toString());
    Files.delete(project("experiments/target/launcher.stamp"));
    script(project("mvnw"), "for i in 1 2 3; do echo \"[ERROR] reason $i\"; done; exit 1");
    ChildProcess run = launch(launcher, "info");
    List<String> errors = run.errorsAfterExit(ExitCodes.ENVIRONMENT);
    assertEquals("contraspectra: building (once, a minute or so)", errors.getFirst());
    assertTrue(errors.get(1).startsWith("contraspectra: the build failed; its output is in "), run.errors());
    assertEquals(List.of("[ERROR] reason 1", "[ERROR] reason 2"), errors.subList(2, errors.size()));
    assertEquals("", run.output());
  }

  private ChildProcess launch(Path start, String... arguments) throws IOException {
    var command = new ArrayList<>(List.of("/bin/sh", start.toString()));
    command.addAll(List.of(arguments));
    return ChildProcess.start(Files.createDirectories(folder.resolve("elsewhere")), environment, command);
  }

  private void assertFound(Path jdk) throws Exception {
    ChildProcess run = launch(launcher, "--print-java");
    assertEquals(0, run.exitCode(), run.errors());
    assertEquals(jdk.resolve("bin/java").toString(), run.output().strip());
  }

  /** A JDK whose java prints its arguments, one a line, and exits with 7. */
  private Path jdk(String name, String version) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name)).toRealPath();
    script(home.resolve("bin/java"), "for a in \"$@\"; do echo \"$a\"; done; exit 7");
    script(home.resolve("bin/javac"), "exit 1");
    Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"test\"\nJAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  private Path project(String name) throws IOException {
    Path file = launcher.getParent().getParent().resolve(name);
    Files.createDirectories(file.getParent());
    return file;
  }

  private static void script(Path file, String commands) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + commands + "\n");
    assertTrue(file.toFile().setExecutable(true));
  }
}
