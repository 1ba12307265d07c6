import org.jspecify.annotations.NullMarked;

/** Command line, plots and paper reproductions; embeds the core as any user would. */
@NullMarked
@SuppressWarnings("requires-automatic") // XChart ships no module descriptor
module io.contraspectra.experiments {
  requires static org.jspecify;

  requires com.google.gson;
  requires de.siegmar.fastcsv;
  requires info.picocli;
  requires transitive io.contraspectra.core;
  requires java.desktop;
  requires java.logging;
  requires org.knowm.xchart;

  exports io.contraspectra.experiments.paper;
  exports io.contraspectra.experiments.report;

  opens io.contraspectra.experiments.cli to info.picocli;
}
