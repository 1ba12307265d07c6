package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The shell script around the JVM, in a copy of the repository's layout with a JDK that only prints its arguments. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
  private static final Path LAUNCHER = Path.of("..", "bin", "contraspectra");

  @TempDir
  Path temporary;

  private Path root;
  private Path target;

  @BeforeEach
  void layOut() throws IOException {
    root = Files.createDirectories(temporary.resolve("with spaces").resolve("clone"));
    target = Files.createDirectories(root.resolve("experiments/target"));
    Files.createDirectories(target.resolve("lib"));
    Files.createFile(target.resolve("contraspectra-experiments-1.jar"));
    Files.createFile(target.resolve("lib/contraspectra-core-1.jar"));
    Files.createFile(target.resolve("lib/openblas-0.3-linux-x86_64.jar"));
    Files.createFile(target.resolve("launcher.stamp"));
    Files.createDirectories(root.resolve("bin"));
    executable(root.resolve("bin/contraspectra"), Files.readString(LAUNCHER));
  }

  @Test
  void theJdkOfJavaHomeIsTakenIfItIsNewEnough() throws IOException, InterruptedException {
    Path jdk = jdk("99.0.1");
    assertEquals(jdk + "/bin/java\n", launch(jdk, "--print-java").out());
  }

  @Test
  void anOldJdkIsPassedOver() throws IOException, InterruptedException {
    Path jdk = jdk("17.0.9");
    assertTrue(!launch(jdk, "--print-java").out().startsWith(jdk.toString()));
  }

  @Test
  void withoutAJdkTheRemedyIsNamed() throws IOException, InterruptedException {
    executable(root.resolve("bin/contraspectra"), Files.readString(LAUNCHER).replace("oldest=25", "oldest=9999"));
    Invocation invocation = launch(jdk("99"), "info");
    assertEquals(ExitCodes.ENVIRONMENT, invocation.exitCode());
    assertEquals("", invocation.out());
    assertEquals(2, invocation.errorLines().size());
    assertTrue(invocation.err().contains("set JAVA_HOME"), invocation.err());
  }

  @Test
  void pathsMayHoldSpacesAndNativesStayOffTheModulePath() throws IOException, InterruptedException {
    List<String> arguments = launch(jdk("99"), "ntk", "--input", "my file.npy").out().lines().toList();
    assertEquals(
        target + "/contraspectra-experiments-1.jar:" + target + "/lib/contraspectra-core-1.jar",
        arguments.get(arguments.indexOf("--module-path") + 1));
    assertEquals(
        target + "/lib/openblas-0.3-linux-x86_64.jar", arguments.get(arguments.indexOf("--class-path") + 1));
    assertEquals(List.of("ntk", "--input", "my file.npy"), arguments.subList(arguments.size() - 3, arguments.size()));
  }

  @Test
  void aLinkToTheLauncherWillDo() throws IOException, InterruptedException {
    Path link = Files.createSymbolicLink(temporary.resolve("cs"), Path.of("with spaces/clone/bin/contraspectra"));
    Invocation invocation = launch(link, jdk("99"), "info");
    assertEquals(0, invocation.exitCode(), invocation.err());
    assertTrue(invocation.out().contains("clone/experiments/target"), invocation.out());
  }

  private Path jdk(String version) throws IOException {
    Path jdk = Files.createDirectories(temporary.resolve("jdk " + version));
    Files.createDirectories(jdk.resolve("bin"));
    Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    executable(jdk.resolve("bin/java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    executable(jdk.resolve("bin/javac"), "#!/bin/sh\n");
    return jdk;
  }

  private Invocation launch(Path jdk, String... args) throws IOException, InterruptedException {
    return launch(root.resolve("bin/contraspectra"), jdk, args);
  }

  private Invocation launch(Path launcher, Path jdk, String... args) throws IOException, InterruptedException {
    var builder = new ProcessBuilder(launcher.toString());
    builder.command().addAll(List.of(args));
    builder.environment().putAll(Map.of("JAVA_HOME", jdk.toString()));
    builder.directory(temporary.toFile()).redirectError(temporary.resolve("err").toFile());
    var process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Invocation(process.waitFor(), out, Files.readString(temporary.resolve("err")));
  }

  private static void executable(Path file, String content) throws IOException {
    Files.writeString(file, content);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
