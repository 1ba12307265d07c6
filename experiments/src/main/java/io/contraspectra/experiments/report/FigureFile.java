package io.contraspectra.experiments.report;

import io.contraspectra.core.matrix.InvalidArgument;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;

/** One figure as a file of its own, PNG or SVG by the name of the file. */
public final class FigureFile {

  private FigureFile() {}

  /**
   * Refuses a file name that tells no known format.
   *
   * @throws InvalidArgument unless the name ends in {@code .png} or {@code .svg}
   */
  public static void requireKnownFormat(Path path) {
    if (!isSvg(path) && !name(path).endsWith(".png")) {
      throw new InvalidArgument(path + " names no format of pictures; give a name that ends in .png or .svg");
    }
  }

  /**
   * Draws a figure in the format that a file name tells.
   *
   * @param warnings told if the figure cannot be drawn
   * @return the content of the file; nothing where the machine has no fonts
   */
  public static Optional<byte[]> draw(Figure figure, Path path, Consumer<String> warnings) {
    requireKnownFormat(path);
    return Optional.ofNullable(Pictures.of(List.of(figure), FigureRenderer::render, warnings).get(figure.name()))
        .map(picture -> isSvg(path) ? picture.svg().getBytes(StandardCharsets.UTF_8) : picture.png());
  }

  private static boolean isSvg(Path path) {
    return name(path).endsWith(".svg");
  }

  private static String name(Path path) {
    return path.toString().toLowerCase(Locale.ROOT);
  }
}
