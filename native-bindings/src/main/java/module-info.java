import org.jspecify.annotations.NullMarked;

/**
 * Hand-written Foreign Function &amp; Memory bindings, and the loading of the libraries behind them.
 *
 * <p>This is the only module that needs native access: start Java with
 * {@code --enable-native-access=io.contraspectra.bindings} (or {@code ALL-UNNAMED} when everything is on the class
 * path). Only the diagnosis of loading is open to everyone; the raw routines are for ContraSpectra's own modules,
 * whose types add shapes and ownership.
 */
@NullMarked
@SuppressWarnings("module") // the friends below are compiled after this module and unknown to javac here
module io.contraspectra.bindings {
  requires static org.jspecify;

  exports io.contraspectra.bindings.load;
  exports io.contraspectra.bindings.cuda to io.contraspectra.core, io.contraspectra.benchmarks;
  exports io.contraspectra.bindings.memory to io.contraspectra.core;
  exports io.contraspectra.bindings.openblas to io.contraspectra.core, io.contraspectra.benchmarks;
  exports io.contraspectra.bindings.process to io.contraspectra.experiments;
}
