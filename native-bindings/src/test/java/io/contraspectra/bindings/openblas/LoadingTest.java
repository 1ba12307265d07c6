package io.contraspectra.bindings.openblas;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.bindings.load.Platform;
import java.io.File;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How OpenBLAS is found or missed, each case in a JVM of its own: what is loaded once stays loaded. */
class LoadingTest {
  private static final String MODULE = "io.contraspectra.bindings";
  private static final String RESOURCES = "org/bytedeco/openblas/" + Platform.current().classifier();

  @TempDir Path temporary;

  @Test
  void everythingOnTheClassPath() throws Exception {
    var output = onClassPath(true, "--enable-native-access=ALL-UNNAMED");
    assertTrue(output.startsWith("product 42.0\nsystem property contraspectra.openblas.path: not set\nbundled jar: "
        + temporary.resolve("cache")), output);
    assertTrue(output.endsWith(": loaded"), output);
  }

  @Test
  void moduleOnTheModulePathAndJarOnTheClassPath() throws Exception {
    var output = onModulePath("--enable-native-access=" + MODULE);
    assertTrue(output.startsWith("product 42.0\n"), output);
  }

  @Test
  void nativeAccessDeniedToTheModuleNamesItsFlag() throws Exception {
    assertEquals("remedy: start Java with --enable-native-access=io.contraspectra.bindings",
        lastLine(onModulePath("--illegal-native-access=deny")));
  }

  @Test
  void nativeAccessDeniedOnTheClassPathNamesItsFlag() throws Exception {
    assertEquals("remedy: start Java with --enable-native-access=ALL-UNNAMED",
        lastLine(onClassPath(true, "--illegal-native-access=deny")));
  }

  @Test
  void nothingToFindListsEverySource() throws Exception {
    var output = onClassPath(false, "--enable-native-access=ALL-UNNAMED");
    assertTrue(output.startsWith("cannot load OpenBLAS; tried:\n"
        + "  - system property contraspectra.openblas.path: not set\n"
        + "  - bundled jar: no resource " + RESOURCES), output);
    assertTrue(output.contains("  - system library: "), output);
    assertTrue(lastLine(output).startsWith("remedy: point -Dcontraspectra.openblas.path to "), output);
  }

  @Test
  void pathThatDoesNotExistIsAnErrorAndNoOtherSourceStandsIn() throws Exception {
    var output = withPath(temporary.resolve("nowhere"));
    assertTrue(output.startsWith("cannot load OpenBLAS; tried:\n  - system property contraspectra.openblas.path: "
        + "no such file or folder: '" + temporary.resolve("nowhere") + "'\nremedy: "), output);
  }

  @Test
  void folderWithoutTheLibraryIsAnError() throws Exception {
    assertTrue(withPath(temporary).contains(temporary + " holds none of "), "the folder and the names are given");
  }

  @Test
  void fileThatIsNoLibraryGivesTheLoadersReason() throws Exception {
    var text = Files.writeString(temporary.resolve("text.so"), "no library at all, only a line of text to be refused");
    var output = withPath(text);
    assertTrue(output.contains("contraspectra.openblas.path: " + text + ": "), output);
    assertFalse(output.contains("bundled jar"), output);
  }

  @Test
  void folderWithTheLibraryIsUsed() throws Exception {
    onClassPath(true, "--enable-native-access=ALL-UNNAMED");
    try (var extracted = Files.list(temporary.resolve("cache"))) {
      var folder = extracted.findFirst().orElseThrow();
      var output = withPath(folder);
      assertTrue(output.startsWith("product 42.0\nsystem property contraspectra.openblas.path: " + folder), output);
    }
  }

  private String withPath(Path path) throws Exception {
    return onClassPath(true, "--enable-native-access=ALL-UNNAMED", "-Dcontraspectra.openblas.path=" + path);
  }

  private String onClassPath(boolean withJar, String... flags) throws Exception {
    var path = home(OpenBlas.class) + File.pathSeparator + home(LoadProbe.class)
        + (withJar ? File.pathSeparator + openBlasJar() : "");
    return run(List.of(flags), "-cp", path, LoadProbe.class.getName());
  }

  private String onModulePath(String flag) throws Exception {
    return run(List.of(flag), "-cp", openBlasJar().toString(), "-p", home(OpenBlas.class).toString(),
        "--patch-module", MODULE + "=" + home(LoadProbe.class), "-m", MODULE + "/" + LoadProbe.class.getName());
  }

  private String run(List<String> flags, String... arguments) throws Exception {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-Dcontraspectra.cache=" + temporary.resolve("cache"));
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    var output = new String(process.getInputStream().readAllBytes()).strip().replace(System.lineSeparator(), "\n");
    assertEquals(0, process.waitFor(), output);
    return output;
  }

  private static String lastLine(String text) {
    return text.substring(text.lastIndexOf('\n') + 1);
  }

  /** Test classes are patched into the module, so a class's own code source would be the main folder for both. */
  private static Path home(Class<?> type) throws URISyntaxException, IOException {
    var resource = "/" + type.getName().replace('.', '/') + ".class";
    var file = Path.of(type.getResource(resource).toURI());
    return file.resolve("../".repeat(resource.split("/").length - 1)).normalize();
  }

  private static Path openBlasJar() throws URISyntaxException, IOException {
    var url = ClassLoader.getSystemResource(RESOURCES);
    return Path.of(((JarURLConnection) url.openConnection()).getJarFileURL().toURI());
  }
}
