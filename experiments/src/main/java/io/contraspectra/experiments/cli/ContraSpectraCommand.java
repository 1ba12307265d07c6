package io.contraspectra.experiments.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The root of the command line. */
@Command(
    name = "contraspectra",
    description = "Numerical core for the theory of contrastive and self-supervised learning.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
        InfoCommand.class,
        NtkCommand.class,
        InfiniteNtkCommand.class,
        SpectrumCommand.class,
        LossCommand.class,
        LossesCommand.class,
        TrainCommand.class,
        EmbedCommand.class,
        CompareCommand.class,
        GrassmannCommand.class,
        ReproduceCommand.class,
    })
final class ContraSpectraCommand implements Runnable {

  @Spec
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is needed: one of "
        + String.join(", ", spec.subcommands().keySet()));
  }
}
