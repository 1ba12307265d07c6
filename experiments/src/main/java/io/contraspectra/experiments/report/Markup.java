package io.contraspectra.experiments.report;

import java.util.ArrayDeque;
import java.util.Deque;

/** Writes XML whose elements always match and whose texts are always escaped. */
final class Markup {
  private final StringBuilder text = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /** Opens an element; attributes are name, value, name, value. */
  Markup open(String element, String... attributes) {
    text.append('<').append(element);
    for (int i = 0; i < attributes.length; i += 2) {
      text.append(' ').append(attributes[i]).append("=\"").append(escape(attributes[i + 1])).append('"');
    }
    text.append('>');
    open.push(element);
    return this;
  }

  /** Closes the element that was opened last. */
  Markup close() {
    text.append("</").append(open.pop()).append(">\n");
    return this;
  }

  /** An element that contains only text. */
  Markup element(String element, String content, String... attributes) {
    return open(element, attributes).text(content).close();
  }

  Markup text(String content) {
    text.append(escape(content));
    return this;
  }

  /** What is markup already. */
  Markup raw(String markup) {
    text.append(markup);
    return this;
  }

  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("markup: elements are still open: " + open);
    }
    return text.toString();
  }

  static String escape(String content) {
    var escaped = new StringBuilder(content.length());
    content.codePoints().forEach(character -> {
      switch (character) {
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '&' -> escaped.append("&amp;");
        case '"' -> escaped.append("&quot;");
        default -> escaped.appendCodePoint(isXml(character) ? character : 0xFFFD);
      }
    });
    return escaped.toString();
  }

  /** XML has no way to write most control characters, escaped or not. */
  private static boolean isXml(int character) {
    return character == '\t' || character == '\n' || character == '\r'
        || character >= 0x20 && character <= 0xD7FF || character >= 0xE000 && character <= 0xFFFD
        || character >= 0x10000;
  }
}
