package io.contraspectra.experiments.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.Npy;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.MemoryLedger;
import io.contraspectra.core.matrix.OverBudget;
import io.contraspectra.core.matrix.ShapeMismatch;
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

/** {@code ntk}: the empirical NTK Gram of a network on given inputs, or its products with vectors. */
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

  @Option(names = "--apply", paramLabel = "V",
      description = "Write the product of the kernel with these vectors, one a column, and never store the kernel.")
  private @Nullable Path apply;

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
            WorkEstimate.ntk(kind, model, activation, input, input2, apply, backendOptions.dtype()));
        Network network = Inputs.network(model, backend, backendOptions.dtype(), activation);
        Matrix x = samples("--input", input, network);
        Matrix y = input2 == null ? null : samples("--input2", input2, network);
        Matrix vectors = apply == null ? null : vectors(apply, network, new NtkRequest(kind, x, y, null))) {
      run(new NtkRequest(kind, x, y, vectors), network, file);
    }
    return ExitCodes.DONE;
  }

  private void run(NtkRequest request, Network network, Optional<Path> file) {
    Backend backend = network.backend();
    NtkPlan unlimited = request.plan(EmpiricalNtk.of(network));
    long result = Matrix.bytes(network.dtype(), unlimited.rows(), unlimited.cols());
    long room = backendOptions.memoryBytes() - MemoryLedger.openBytes();
    if (goesToHost(request, network, room - result)) {
      backendOptions.requireHostMemory(request.describe(network.architecture().outputs()), result);
      try (Backend host = backendOptions.openHost()) {
        run(request, EmpiricalNtk.of(network).sentToHost().withBudget(room), room, host, network, file);
      }
    } else {
      run(request, EmpiricalNtk.of(network).withBudget(room - result), room - result, backend, network, file);
    }
  }

  /** Whether a device has no room for the kernel and its working memory, so that the kernel is sent to the host. */
  private boolean goesToHost(NtkRequest request, Network network, long working) {
    if (request.vectors() != null || network.backend().available() == Long.MAX_VALUE) {
      return false;
    }
    try {
      request.plan(EmpiricalNtk.of(network).withBudget(working));
      return false;
    } catch (OverBudget e) {
      return true;
    }
  }

  private void run(
      NtkRequest request, EmpiricalNtk ntk, long working, Backend home, Network network, Optional<Path> file) {
    NtkPlan plan = plan(request, ntk, working, network);
    MemoryLedger.resetPeak();
    try (Matrix result = home.zeros(network.dtype(), plan.rows(), plan.cols())) {
      double seconds = timed(request, ntk, result);
      if (request.vectors() == null) {
        keep(plan, result, seconds, file, home, network.backend().name());
      } else {
        try (Matrix columns = transposed(home, result)) {
          keep(plan, columns, seconds, file, home, network.backend().name());
        }
      }
    }
  }

  private double timed(NtkRequest request, EmpiricalNtk ntk, Matrix result) {
    try (var bar = new FlopsBar(err(), "ntk")) {
      return Stopwatch.seconds(() -> {
        request.compute(ntk.withProgress(bar), result);
        Stopwatch.settle(result);
      }, repeat);
    }
  }

  private void keep(NtkPlan plan, Matrix result, double seconds, Optional<Path> file, Backend home, String backend) {
    long peak = MemoryLedger.peakBytes();
    file.ifPresent(path -> Npy.write(path, output.ifExists(), result));
    print(home, backend, plan, peak, result, seconds);
  }

  /** What the request costs within the budget, which inputs, parameters and the result share with working memory. */
  private NtkPlan plan(NtkRequest request, EmpiricalNtk ntk, long working, Network network) {
    try {
      return request.plan(ntk);
    } catch (OverBudget e) {
      backendOptions.requireMemory(request.describe(network.architecture().outputs()),
          backendOptions.memoryBytes() - working + e.least());
      throw e;
    }
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

  /** The columns of a file as rows. */
  private static Matrix vectors(Path file, Network network, NtkRequest kernel) {
    try (Matrix columns = Inputs.matrix("--apply", file, network.backend(), network.dtype())) {
      long needed = kernel.cols(network.architecture().outputs());
      if (columns.rows() != needed) {
        throw new ShapeMismatch("--apply " + file + " has " + columns.rows() + " rows, but the kernel has " + needed
            + " columns; give a matrix of " + needed + " x b, one vector a column");
      }
      return transposed(network.backend(), columns);
    }
  }

  private static Matrix transposed(Backend backend, Matrix matrix) {
    Matrix transposed = backend.zeros(matrix.dtype(), matrix.cols(), matrix.rows());
    try {
      backend.transpose(matrix, transposed);
      return transposed;
    } catch (RuntimeException | Error e) {
      transposed.close();
      throw e;
    }
  }

  private void print(Backend home, String backend, NtkPlan plan, long peak, Matrix gram, double seconds) {
    double sum = home.sum(gram);
    double frobenius = home.norm(gram);
    if (output.json()) {
      var shape = new JsonArray();
      shape.add(gram.rows());
      shape.add(gram.cols());
      var object = new JsonObject();
      object.add("shape", shape);
      object.add("seconds", Json.number(seconds));
      object.add("flops", Json.number(plan.flops()));
      object.addProperty("peak_bytes", peak);
      object.add("sum", Json.number(sum));
      object.add("frobenius", Json.number(frobenius));
      object.addProperty("backend", backend);
      object.addProperty("dtype", label(gram.dtype()));
      out().println(Json.text(object));
    } else {
      out().printf(Locale.ROOT, "ntk %d x %d %s on %s: %.3g s, Frobenius norm %.6g%s%n", gram.rows(), gram.cols(),
          label(gram.dtype()), backend, seconds, frobenius,
          output.path().map(path -> ", written to " + path).orElse("; give --out to keep it"));
    }
  }

  private static String label(DType dtype) {
    return dtype.name().toLowerCase(Locale.ROOT);
  }
}
