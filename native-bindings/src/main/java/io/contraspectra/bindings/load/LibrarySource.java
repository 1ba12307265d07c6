package io.contraspectra.bindings.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A place where a library may come from. Sources are asked in order; the first that opens wins. */
public interface LibrarySource {
  /** Names this source in reports, for example {@code system property contraspectra.openblas.path}. */
  String description();

  /**
   * The locations to open, best first: an absolute path is a file, a relative one a bare name for the system's loader.
   *
   * @return the locations; empty when this source has nothing to offer
   * @throws IOException when it should have something and cannot give it; the message is shown to the user
   */
  List<Path> candidates() throws IOException;

  /** Says what an empty list of candidates means, for example {@code not set}. */
  String absence();

  /** True when the user asked for this very source: if it fails, none of the later ones may stand in for it. */
  default boolean isBinding() {
    return false;
  }
}
