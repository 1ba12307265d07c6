package io.contraspectra.experiments.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The pages as a browser shows them, on a telephone and on a desk. */
class PageInBrowserTest {

  // A copy of the page measures itself, in a frame because a browser's window has a least width.
  private static final String MEASURE = """
      <script>
      addEventListener('error', event => failures.push(String(event.message || event.target.tagName)), true);
      const failures = [];
      addEventListener('load', () => parent.postMessage(JSON.stringify({
        width: document.documentElement.clientWidth,
        overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        broken: [...document.images].filter(image => !image.complete || image.naturalWidth === 0).length,
        figures: [...document.querySelectorAll('figure svg')].filter(svg => svg.getBoundingClientRect().width > 100)
          .length,
        claims: document.querySelectorAll('table.claims tbody tr').length,
        cut: [...document.querySelectorAll('td, th, p, li, h1, h2')].filter(element =>
          !element.closest('.scroll, .plot')
            && element.getBoundingClientRect().right > document.documentElement.clientWidth + 1).length,
        failures: failures}), '*'));
      </script>
      """;
  private static final Pattern RESULT = Pattern.compile("<pre id=\"result\">(\\{.*?})</pre>");

  @TempDir
  private Path folder;

  private Browser browser;

  @BeforeEach
  void find() {
    var installed = Browser.installed();
    assumeTrue(installed.isPresent(), "no Chromium or Chrome is installed; the pages are not looked at");
    browser = installed.get();
  }

  @ParameterizedTest
  @CsvSource({"360, 740", "1280, 900"})
  void theReportFitsAndEverythingInItIsShown(int width, int height) throws Exception {
    Report report = Examples.report(Examples.figure(Examples.law(), Examples.diverging()));
    List<Path> files = ReportWriter.write(report, folder, true, warning -> {});
    JsonObject seen = measure(files.getFirst(), width, height);
    assertEquals(report.claims().size(), seen.get("claims").getAsInt(), seen::toString);
    assertEquals(1, seen.get("figures").getAsInt(), seen::toString);
  }

  @ParameterizedTest
  @CsvSource({"360, 740", "1280, 900"})
  void theIndexFits(int width, int height) throws Exception {
    Report report = Examples.report();
    measure(IndexPage.write(List.of(report, report), folder, true), width, height);
  }

  /** The test itself: a page with what must not be there is told from one without. */
  @ParameterizedTest
  @CsvSource({"360, 740"})
  void whatDoesNotFitIsSeen(int width, int height) throws Exception {
    Path page = folder.resolve("page.html");
    Files.writeString(page, "<!DOCTYPE html><html><body><p style='width:900px'>wide</p><img src='missing.png'/>"
        + "<script>console.error('told'); missing();</script></body></html>");
    Browser.View view = view(page, width, height);
    JsonObject seen = result(view);
    assertTrue(seen.get("overflow").getAsInt() > 400, seen::toString);
    assertEquals(1, seen.get("broken").getAsInt(), seen::toString);
    assertTrue(seen.get("cut").getAsInt() > 0 && !seen.getAsJsonArray("failures").isEmpty(), seen::toString);
    assertTrue(view.log().contains("CONSOLE") && view.log().contains("told"), view::log);
  }

  private JsonObject measure(Path page, int width, int height) throws IOException, InterruptedException {
    Browser.View view = view(page, width, height);
    JsonObject seen = result(view);
    assertEquals(width, seen.get("width").getAsInt(), seen::toString);
    assertEquals(0, seen.get("overflow").getAsInt(), seen::toString);
    assertEquals(0, seen.get("cut").getAsInt(), seen::toString);
    assertEquals(0, seen.get("broken").getAsInt(), seen::toString);
    assertEquals(0, seen.getAsJsonArray("failures").size(), seen::toString);
    assertFalse(view.log().contains("CONSOLE"), view::log);
    BufferedImage picture = ImageIO.read(view.screenshot().toFile());
    long colours = IntStream.range(0, width * height).map(i -> picture.getRGB(i % width, i / width)).distinct().count();
    assertTrue(colours > 10, "the picture is empty");
    return seen;
  }

  private Browser.View view(Path page, int width, int height) throws IOException, InterruptedException {
    String html = Files.readString(page);
    Files.writeString(folder.resolve("measured.html"), html.replace("<body>", "<body>" + MEASURE));
    Path frame = folder.resolve("frame.html");
    Files.writeString(frame, "<!DOCTYPE html><html><body style='margin:0'><iframe src='measured.html' style='border:0;"
        + "width:" + width + "px;height:" + height + "px'></iframe><pre id='result'></pre><script>"
        + "addEventListener('message', event => document.getElementById('result').textContent = event.data)"
        + "</script></body></html>");
    return browser.show(frame, Math.max(width, 600), height, folder);
  }

  private static JsonObject result(Browser.View view) {
    Matcher result = RESULT.matcher(view.dom());
    assertTrue(result.find(), view::dom);
    return JsonParser.parseString(result.group(1)).getAsJsonObject();
  }
}
