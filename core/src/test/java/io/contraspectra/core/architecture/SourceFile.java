package io.contraspectra.core.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Java source as far as the rules of the house look at it.
 *
 * @param room the part of the house it belongs to: {@code bindings}, or the package below {@code core}
 * @param code its text without comments, which may name whom they like
 */
record SourceFile(String name, String room, String code) {

  private static final Pattern STRING_OR_COMMENT = Pattern.compile(
      "\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\\n])*\"|'(?:\\\\.|[^'\\\\])+'|(?<comment>/\\*.*?\\*/|//[^\\n]*)",
      Pattern.DOTALL);
  private static final Pattern PACKAGE = Pattern.compile("^package ([a-z.]+);", Pattern.MULTILINE);
  private static final Pattern REFERENCE = Pattern.compile("\\b(io\\.contraspectra(?:\\.[a-z]+)+)\\.[A-Z*]");

  static SourceFile parse(String name, String text) {
    String code = STRING_OR_COMMENT.matcher(text).replaceAll(SourceFile::withoutComment);
    var declaration = PACKAGE.matcher(code);
    return new SourceFile(name, declaration.find() ? room(declaration.group(1)) : "", code);
  }

  /** All classes below {@code root}, without the declarations of packages and modules. */
  static List<SourceFile> below(Path root) {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(file -> file.toString().endsWith(".java") && !file.toString().endsWith("-info.java"))
          .map(file -> parse(root.relativize(file).toString(), read(file)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The packages of this house that the code names, in imports or in full. */
  TreeSet<String> packages() {
    var packages = new TreeSet<String>();
    REFERENCE.matcher(code).results().forEach(match -> packages.add(match.group(1)));
    return packages;
  }

  /** {@code backend} for {@code io.contraspectra.core.backend.cpu}: what lies deeper belongs to the same room. */
  static String room(String packageName) {
    String[] parts = packageName.split("\\.");
    return parts[2].equals("core") && parts.length > 3 ? parts[3] : parts[2];
  }

  private static String withoutComment(MatchResult match) {
    return match.group("comment") == null ? Matcher.quoteReplacement(match.group()) : "";
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
