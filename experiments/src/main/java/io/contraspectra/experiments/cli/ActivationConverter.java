package io.contraspectra.experiments.cli;

import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.network.Activation;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Activations by the names that files use. */
final class ActivationConverter implements ITypeConverter<Activation> {

  @Override
  public Activation convert(String name) {
    try {
      return Activation.named(name);
    } catch (InvalidArgument e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
