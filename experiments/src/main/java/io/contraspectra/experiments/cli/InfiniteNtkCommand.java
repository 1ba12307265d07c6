package io.contraspectra.experiments.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.Npz;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.ntk.InfiniteNtk;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code infinite-ntk}: the kernels of networks of infinite width. */
@Command(name = "infinite-ntk", description = "Compute the infinite-width NTK and NNGP kernels of given inputs.")
final class InfiniteNtkCommand extends AbstractCommand {

  @Option(names = "--input", required = true, paramLabel = "X", description = "Inputs, one sample a row.")
  private Path input;

  @Option(names = "--layers", required = true, paramLabel = "L", description = "Number of weight matrices.")
  private int layers;

  @Option(names = "--activation", required = true, paramLabel = "NAME", converter = ActivationConverter.class,
      description = "relu, erf, tanh, softplus, gelu or identity.")
  private Activation activation;

  @Option(names = "--input-scale", paramLabel = "S", defaultValue = "1",
      description = "Factor of the first layer (default ${DEFAULT-VALUE}).")
  private double inputScale;

  @Option(names = "--bias-variance", paramLabel = "V", defaultValue = "0",
      description = "Variance of the biases (default ${DEFAULT-VALUE}).")
  private double biasVariance;

  @Mixin
  private BackendOptions backendOptions;

  @Mixin
  private OutputOptions output;

  @Override
  int execute() {
    Optional<Path> file = output.file();
    if (file.isEmpty() && !output.json()) {
      throw new InvalidArgument("give --out PATH.npz for the kernels, or --json for their norms");
    }
    var limit = new InfiniteNtk(activation, layers, inputScale, biasVariance);
    try (Backend backend = backendOptions.open();
        Matrix x = Inputs.matrix("--input", input, backend, backendOptions.dtype())) {
      backendOptions.requireMemory("a pair of kernels of " + x.rows() + " samples",
          2 * Matrix.bytes(x.dtype(), x.rows(), x.rows()));
      try (var kernels = limit.kernels(backend, x)) {
        file.ifPresent(path -> Npz.write(path, output.ifExists(), npz -> {
          npz.put("ntk", kernels.ntk());
          npz.put("nngp", kernels.nngp());
        }));
        if (output.json()) {
          print(backend, kernels);
        }
      }
    }
    return ExitCodes.DONE;
  }

  private void print(Backend backend, InfiniteNtk.Kernels kernels) {
    var shape = new JsonArray();
    shape.add(kernels.ntk().rows());
    shape.add(kernels.ntk().cols());
    var object = new JsonObject();
    object.add("shape", shape);
    object.add("ntk_frobenius", Json.number(backend.norm(kernels.ntk())));
    object.add("nngp_frobenius", Json.number(backend.norm(kernels.nngp())));
    object.addProperty("backend", backend.name());
    object.addProperty("dtype", kernels.ntk().dtype().name().toLowerCase(Locale.ROOT));
    out().println(Json.text(object));
  }
}
