package io.contraspectra.experiments.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.Npy;
import io.contraspectra.core.jacobian.Jacobian;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.MemoryLedger;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Network;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code jacobian}: the derivatives of all outputs with respect to all parameters, sample by sample. */
@Command(name = "jacobian", description = "Compute the per-sample Jacobian of a network, of shape (N, K, P).")
final class JacobianCommand extends AbstractCommand {

  @Option(names = "--model", required = true, paramLabel = "NET.npz", description = "Network file.")
  private Path model;

  @Option(names = "--input", required = true, paramLabel = "X",
      description = "Inputs, one sample a row (.npy, .csv, IDX).")
  private Path input;

  @Option(names = "--activation", paramLabel = "NAME", converter = ActivationConverter.class,
      description = "relu, erf, tanh, softplus, gelu or identity; overrides the file's.")
  private @Nullable Activation activation;

  @Option(names = "--repeat", paramLabel = "N", defaultValue = "0",
      description = "After one warm-up, time N runs; seconds is their minimum.")
  private int repeat;

  @Mixin
  private BackendOptions backendOptions;

  @Mixin
  private OutputOptions output;

  @Override
  int execute() {
    Optional<Path> file = output.file();
    try (Backend backend = backendOptions.open(
            WorkEstimate.jacobian(model, activation, input, backendOptions.dtype()));
        Network network = Inputs.network(model, backend, backendOptions.dtype(), activation);
        Matrix x = Inputs.matrix("--input", input, backend, backendOptions.dtype())) {
      Inputs.requireColumns("--input", input, x, network);
      run(network, x, file);
    }
    return ExitCodes.DONE;
  }

  private void run(Network network, Matrix x, Optional<Path> file) {
    long outputs = network.architecture().outputs();
    long parameters = network.architecture().parameters();
    backendOptions.requireMemory("the Jacobian of " + x.rows() + " samples, " + outputs + " outputs and " + parameters
        + " parameters", MemoryLedger.openBytes() + Jacobian.bytes(network, x.rows())
            + Matrix.bytes(network.dtype(), x.rows() * outputs, parameters));
    MemoryLedger.resetPeak();
    try (Matrix j = network.backend().zeros(network.dtype(), x.rows() * outputs, parameters)) {
      double seconds = Stopwatch.seconds(() -> {
        try (var jacobian = new Jacobian(network, x)) {
          jacobian.into(j);
        }
        Stopwatch.settle(j);
      }, repeat);
      file.ifPresent(path -> Npy.write(path, output.ifExists(), j, x.rows(), outputs, parameters));
      print(network, j, seconds);
    }
  }

  private void print(Network network, Matrix j, double seconds) {
    long outputs = network.architecture().outputs();
    double frobenius = network.backend().norm(j);
    String dtype = j.dtype().name().toLowerCase(Locale.ROOT);
    if (output.json()) {
      var shape = new JsonArray();
      shape.add(j.rows() / outputs);
      shape.add(outputs);
      shape.add(j.cols());
      var object = new JsonObject();
      object.add("shape", shape);
      object.add("seconds", Json.number(seconds));
      object.addProperty("peak_bytes", MemoryLedger.peakBytes());
      object.add("sum", Json.number(network.backend().sum(j)));
      object.add("frobenius", Json.number(frobenius));
      object.addProperty("backend", network.backend().name());
      object.addProperty("dtype", dtype);
      out().println(Json.text(object));
    } else {
      out().printf(Locale.ROOT, "jacobian %d x %d x %d %s on %s: %.3g s, Frobenius norm %.6g%s%n", j.rows() / outputs,
          outputs, j.cols(), dtype, network.backend().name(), seconds, frobenius,
          output.path().map(path -> ", written to " + path).orElse("; give --out to keep it"));
    }
  }
}
