package io.contraspectra.experiments.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A headless Chromium or Chrome.
 *
 * @param program where it is installed
 */
record Browser(Path program) {

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome");
  private static final List<Path> APPLICATIONS = List.of(
      Path.of("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
      Path.of("/Applications/Chromium.app/Contents/MacOS/Chromium"));

  /**
   * What the browser made of a page.
   *
   * @param dom its elements after its scripts have run, as markup
   * @param screenshot a picture of it
   * @param log what the browser had to say, the page's console included
   */
  record View(String dom, Path screenshot, String log) {}

  /** The one that is installed where such programs usually are. */
  static Optional<Browser> installed() {
    Stream<Path> onPath = Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)));
    return Stream.concat(onPath, APPLICATIONS.stream()).filter(Files::isExecutable).findFirst().map(Browser::new);
  }

  /**
   * Shows a page.
   *
   * @param folder for the picture and for what a browser keeps
   */
  View show(Path page, int width, int height, Path folder) throws IOException, InterruptedException {
    Path dom = folder.resolve("dom.html");
    Path log = folder.resolve("browser.log");
    Path screenshot = folder.resolve("screenshot.png");
    // Root, as whom containers often run, has no sandbox.
    Process process = new ProcessBuilder(program.toString(), "--headless", "--no-sandbox", "--disable-gpu",
        "--disable-dev-shm-usage", "--hide-scrollbars", "--enable-logging=stderr", "--virtual-time-budget=5000",
        "--user-data-dir=" + folder.resolve("profile"), "--window-size=" + width + "," + height,
        "--screenshot=" + screenshot, "--dump-dom", page.toUri().toString())
        .redirectOutput(dom.toFile()).redirectError(log.toFile()).start();
    boolean ended = process.waitFor(1, TimeUnit.MINUTES);
    if (!ended) {
      process.destroyForcibly();
    }
    String said = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    assertTrue(ended, () -> "the browser runs for ever: " + said);
    assertEquals(0, process.exitValue(), said);
    return new View(Files.readString(dom), screenshot, said);
  }
}
