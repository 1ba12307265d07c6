package io.contraspectra.experiments.cli;

import java.lang.module.ModuleDescriptor;
import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the module. */
final class Version implements IVersionProvider {
  /** The version, for example {@code 0.1.0}; {@code unknown} when this does not run as a module. */
  static String current() {
    return Optional.ofNullable(Version.class.getModule().getDescriptor())
        .flatMap(ModuleDescriptor::rawVersion)
        .orElse("unknown");
  }

  @Override
  public String[] getVersion() {
    return new String[] {"contraspectra " + current()};
  }
}
