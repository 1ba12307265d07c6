package io.contraspectra.experiments.report;

import java.util.ArrayList;
import java.util.List;

/** Breaks text into lines. */
final class TextWrap {
  private TextWrap() {}

  /** Lines of at most {@code width} characters, broken at spaces; a longer word is cut. Never empty. */
  static List<String> lines(String text, int width) {
    var lines = new ArrayList<String>();
    var rest = text.strip();
    while (rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      int end = space > 0 ? space : width;
      lines.add(rest.substring(0, end).strip());
      rest = rest.substring(end).strip();
    }
    lines.add(rest);
    return List.copyOf(lines);
  }
}
