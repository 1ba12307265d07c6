package io.contraspectra.experiments.cli;

import io.contraspectra.core.data.AtomicFile;
import io.contraspectra.core.data.IfExists;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a result goes. */
final class OutputOptions {

  @Option(names = "--out", paramLabel = "PATH", description = "Write the result here.")
  private @Nullable Path out;

  @Option(names = "--force", description = "Replace existing files.")
  private boolean force;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /** The file to write, checked to be writable, so that nothing is computed for a file that cannot be written. */
  Optional<Path> file() {
    if (out != null) {
      AtomicFile.checkWritable(out, ifExists());
    }
    return Optional.ofNullable(out);
  }

  /** The path as it was given. */
  Optional<Path> path() {
    return Optional.ofNullable(out);
  }

  IfExists ifExists() {
    return force ? IfExists.REPLACE : IfExists.REFUSE;
  }

  boolean force() {
    return force;
  }

  boolean json() {
    return json;
  }
}
