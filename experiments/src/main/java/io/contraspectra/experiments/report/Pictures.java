package io.contraspectra.experiments.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** Draws all figures of a report, or as many as the machine can: numbers never get lost for want of a picture. */
final class Pictures {
  private Pictures() {}

  /**
   * The pictures by the figure's name.
   *
   * @param draw what draws one of them
   * @param warnings told once if there are no fonts, and of any other figure that cannot be drawn
   */
  static Map<String, RenderedFigure> of(
      List<Figure> figures, Function<Figure, RenderedFigure> draw, Consumer<String> warnings) {
    var pictures = new LinkedHashMap<String, RenderedFigure>();
    for (Figure figure : figures) {
      try {
        pictures.put(figure.name(), draw.apply(figure));
      } catch (OutOfMemoryError e) {
        throw e;
      } catch (RuntimeException | Error e) {
        if (isAboutFonts(e)) {
          warnings.accept("figures are not drawn, because Java finds no fonts (" + reason(e) + "); install the packages"
              + " fontconfig and fonts-dejavu-core. Everything else is written");
          return Map.of();
        }
        warnings.accept("figure " + figure.name() + " is not drawn (" + reason(e) + "); its numbers are in "
            + figure.name() + ".csv");
      }
    }
    return pictures;
  }

  /**
   * Without fonts AWT throws, depending on what is missing and on whether it was tried before, an InternalError, a
   * NoClassDefFoundError, an UnsatisfiedLinkError, a plain Error or a plain RuntimeException. Errors have no other
   * likely cause; exceptions are told by who threw them.
   */
  private static boolean isAboutFonts(Throwable failure) {
    return failure instanceof Error || Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
        .flatMap(cause -> Stream.of(cause.getStackTrace()))
        .anyMatch(frame -> frame.getClassName().startsWith("sun.font."));
  }

  private static String reason(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }
}
