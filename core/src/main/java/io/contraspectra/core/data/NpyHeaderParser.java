package io.contraspectra.core.data;

import io.contraspectra.core.matrix.InvalidData;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses the one kind of Python dictionary that NPY headers hold:
 * {@code {'descr': '<f8', 'fortran_order': False, 'shape': (4, 3), }}. The three keys must occur once each, in any
 * order; anything else is refused.
 */
final class NpyHeaderParser {

  private static final int MAX_DIGITS = 18;

  private final String text;
  private final String name;
  private int position;

  NpyHeaderParser(String text, String name) {
    this.text = text;
    this.name = name;
  }

  NpyHeader parse() {
    @Nullable String descr = null;
    @Nullable Boolean fortranOrder = null;
    @Nullable Shape shape = null;
    expect('{');
    while (!accept('}')) {
      String key = quoted();
      expect(':');
      switch (key) {
        case "descr" -> descr = once(descr, descr(), key);
        case "fortran_order" -> fortranOrder = once(fortranOrder, truth(), key);
        case "shape" -> shape = once(shape, shape(), key);
        default -> throw wrong("has an unknown key '" + FileErrors.excerpt(key) + "'");
      }
      if (!accept(',') && peek() != '}') {
        throw wrong("needs ',' or '}' after the value of '" + key + "'");
      }
    }
    skipBlanks();
    if (position < text.length()) {
      throw wrong("goes on after its closing '}'");
    }
    if (descr == null || fortranOrder == null || shape == null) {
      throw wrong("must have the keys descr, fortran_order and shape");
    }
    return header(NpyType.parse(descr, name), fortranOrder, shape);
  }

  private NpyHeader header(NpyType type, boolean fortranOrder, Shape shape) {
    if (shape.elements() > Long.MAX_VALUE / type.bytes()) {
      throw wrong("shape " + shape + " of " + type + " is more than any memory can hold");
    }
    return new NpyHeader(type, fortranOrder, shape);
  }

  private <T> T once(@Nullable T before, T value, String key) {
    if (before != null) {
      throw wrong("has the key '" + key + "' twice");
    }
    return value;
  }

  private String descr() {
    if (peek() == '[') {
      throw new InvalidData(name + ": the elements are records with fields; save each field as an array of its own");
    }
    return quoted();
  }

  private String quoted() {
    char quote = peek();
    int end = quote == '\'' || quote == '"' ? text.indexOf(quote, position + 1) : -1;
    if (end < 0) {
      throw wrong("needs a quoted text");
    }
    String content = text.substring(position + 1, end);
    position = end + 1;
    return content;
  }

  private boolean truth() {
    skipBlanks();
    for (String word : List.of("True", "False")) {
      if (text.startsWith(word, position)) {
        position += word.length();
        return word.equals("True");
      }
    }
    throw wrong("needs True or False for fortran_order");
  }

  private Shape shape() {
    var sizes = new ArrayList<Long>();
    expect('(');
    boolean comma = true;
    while (!accept(')')) {
      if (!comma || sizes.size() == Shape.MAX_RANK) {
        throw wrong(comma ? "has more than " + Shape.MAX_RANK + " axes" : "needs ',' or ')' in its shape");
      }
      sizes.add(size());
      comma = accept(',');
    }
    if (sizes.size() == 1 && !comma) {
      throw wrong("needs a tuple for its shape, with one axis written (n,)");
    }
    try {
      return new Shape(sizes);
    } catch (IllegalArgumentException e) {
      throw wrong("shape " + sizes + " " + e.getMessage());
    }
  }

  private long size() {
    skipBlanks();
    int start = position;
    if (start < text.length() && text.charAt(start) == '-') {
      throw wrong("has a negative size in its shape");
    }
    while (position < text.length() && text.charAt(position) >= '0' && text.charAt(position) <= '9') {
      position++;
    }
    if (position == start || position - start > MAX_DIGITS) {
      throw wrong("needs sizes of 1 to " + MAX_DIGITS + " digits in its shape");
    }
    return Long.parseLong(text, start, position, 10);
  }

  private void expect(char wanted) {
    if (!accept(wanted)) {
      throw wrong("needs '" + wanted + "'");
    }
  }

  private boolean accept(char wanted) {
    if (peek() != wanted) {
      return false;
    }
    position++;
    return true;
  }

  /** The next character that is not blank, or NUL, which no rule wants, at the end. */
  private char peek() {
    skipBlanks();
    return position < text.length() ? text.charAt(position) : '\0';
  }

  private void skipBlanks() {
    while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
  }

  private InvalidData wrong(String what) {
    return new InvalidData(name + ": NPY header " + what + " (at character " + position + " of '"
        + FileErrors.excerpt(text.strip()) + "'); the file is damaged or foreign, save it with numpy.save");
  }
}
