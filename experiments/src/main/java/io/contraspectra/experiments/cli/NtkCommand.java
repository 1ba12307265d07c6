package io.contraspectra.experiments.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.Npy;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.ntk.EmpiricalNtk;
import io.contraspectra.core.ntk.NtkPlan;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ntk}: the empirical NTK Gram of a network on given inputs. */
@Command(name = "ntk", description = "Compute the neural tangent kernel of a network on given inputs.")
final class NtkCommand extends AbstractCommand {

  @Option(names = "--model", required = true, paramLabel = "NET.npz", description = "Network file.")
  private Path model;

  @Option(names = "--input", required = true, paramLabel = "X",
      description = "Inputs, one sample a row (.npy, .csv, IDX).")
  private Path input;

  @Option(names = "--input2", paramLabel = "Y", description = "Columns of the kernel belong to these inputs instead.")
  private @Nullable Path input2;

  @Option(names = "--kind", paramLabel = "KIND", defaultValue = "full",
      description = "full (all outputs) or trace (their mean); default ${DEFAULT-VALUE}.")
  private NtkKind kind = NtkKind.FULL;

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
    try (Backend backend = backendOptions.open();
        Network network = Inputs.network(model, backend, backendOptions.dtype(), activation);
        Matrix x = samples("--input", input, network);
        Matrix y = input2 == null ? null : samples("--input2", input2, network)) {
      var ntk = EmpiricalNtk.of(network);
      NtkPlan plan = kind.plan(ntk, x.rows(), y == null ? null : y.rows());
      backendOptions.requireMemory("the " + plan.rows() + "x" + plan.cols() + " Gram of " + x.rows() + " samples and "
          + network.architecture().outputs() + " outputs", plan.bytes());
      try (Matrix gram = backend.zeros(network.dtype(), plan.rows(), plan.cols())) {
        double seconds = Stopwatch.seconds(() -> kind.compute(ntk, x, y, gram), repeat);
        file.ifPresent(path -> Npy.write(path, output.ifExists(), gram));
        print(backend, plan, gram, seconds);
      }
    }
    return ExitCodes.DONE;
  }

  private static Matrix samples(String option, Path file, Network network) {
    Matrix samples = Inputs.matrix(option, file, network.backend(), network.dtype());
    try {
      Inputs.requireColumns(option, file, samples, network);
      return samples;
    } catch (RuntimeException e) {
      samples.close();
      throw e;
    }
  }

  private void print(Backend backend, NtkPlan plan, Matrix gram, double seconds) {
    double sum = backend.sum(gram);
    double frobenius = backend.norm(gram);
    if (output.json()) {
      var shape = new JsonArray();
      shape.add(gram.rows());
      shape.add(gram.cols());
      var object = new JsonObject();
      object.add("shape", shape);
      object.add("seconds", Json.number(seconds));
      object.add("flops", Json.number(plan.flops()));
      object.addProperty("peak_bytes", plan.bytes());
      object.add("sum", Json.number(sum));
      object.add("frobenius", Json.number(frobenius));
      object.addProperty("backend", backend.name());
      object.addProperty("dtype", label(gram.dtype()));
      out().println(Json.text(object));
    } else {
      out().printf(Locale.ROOT, "ntk %d x %d %s on %s: %.3g s, Frobenius norm %.6g%s%n", gram.rows(), gram.cols(),
          label(gram.dtype()), backend.name(), seconds, frobenius,
          output.path().map(path -> ", written to " + path).orElse("; give --out to keep it"));
    }
  }

  private static String label(DType dtype) {
    return dtype.name().toLowerCase(Locale.ROOT);
  }
}
