package io.contraspectra.experiments.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Objects;

/** What all pages share: their head with the style sheet in it, and how a verdict looks. */
final class PageHead {

  private PageHead() {}

  /** Opens the page and writes its head; the body and the page are for the caller to close. */
  static void open(Markup page, String title) {
    page.raw("<!DOCTYPE html>\n").open("html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en")
        .open("head").raw("<meta charset=\"utf-8\"/>\n")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
        .element("title", title + " · ContraSpectra")
        .open("style").raw(styleSheet()).close()
        .close()
        .open("body");
  }

  /** A verdict, told by sign and word as well as by colour. */
  static void verdict(Markup page, Verdict verdict) {
    String sign = switch (verdict) {
      case HOLDS -> "✓ ";
      case FAILS -> "✗ ";
      case INCONCLUSIVE -> "? ";
    };
    page.element("span", sign + verdict, "class", "verdict " + verdict.name().toLowerCase(Locale.ROOT));
  }

  private static String styleSheet() {
    try (var css = Objects.requireNonNull(PageHead.class.getResourceAsStream("report.css"))) {
      return "\n" + new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
