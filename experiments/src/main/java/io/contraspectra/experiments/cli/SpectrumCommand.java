package io.contraspectra.experiments.cli;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Work;
import io.contraspectra.core.data.Npz;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.ntk.EmpiricalNtk;
import io.contraspectra.core.ntk.NtkPlan;
import io.contraspectra.core.ntk.SpectrumPlan;
import io.contraspectra.core.operator.EigenOptions;
import io.contraspectra.core.operator.EigenPairs;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code spectrum}: eigenpairs of a symmetric matrix, or of the NTK of a network, which need not be stored. */
@Command(name = "spectrum", description = "Compute eigenvalues and eigenvectors of a matrix or of a network's NTK.")
final class SpectrumCommand extends AbstractCommand {

  @Option(names = "--matrix", paramLabel = "G", description = "A symmetric matrix.")
  private @Nullable Path matrix;

  @Option(names = "--model", paramLabel = "NET.npz", description = "Network file; its NTK is decomposed.")
  private @Nullable Path model;

  @Option(names = "--input", paramLabel = "X", description = "Inputs of the network, one sample a row.")
  private @Nullable Path input;

  @Option(names = "--kind", paramLabel = "KIND", defaultValue = "full",
      description = "full (all outputs) or trace (their mean); default ${DEFAULT-VALUE}.")
  private NtkKind kind = NtkKind.FULL;

  @Option(names = "--activation", paramLabel = "NAME", converter = ActivationConverter.class,
      description = "relu, erf, tanh, softplus, gelu or identity; overrides the file's.")
  private @Nullable Activation activation;

  @Option(names = "--top", paramLabel = "K", description = "The K algebraically largest pairs.")
  private @Nullable Integer top;

  @Option(names = "--all", description = "All pairs.")
  private boolean all;

  @Option(names = "--method", paramLabel = "NAME", defaultValue = "auto",
      description = "auto, full, krylov or randomized; default ${DEFAULT-VALUE}.")
  private SpectrumMethod method = SpectrumMethod.AUTO;

  @Option(names = "--tol", paramLabel = "T",
      description = "Residual |Av-lv|/|A| that every pair must reach (default: 1e-9, f32: 1e-5; randomized: none).")
  private @Nullable Double tolerance;

  @Option(names = "--passes", paramLabel = "P", defaultValue = "2",
      description = "Passes over the matrix by randomized; default ${DEFAULT-VALUE}.")
  private int passes;

  @Option(names = "--landmarks", paramLabel = "L",
      description = "Rows that randomized takes its start from (Nystroem); default: a twentieth, at most 2000, for an"
          + " NTK, none for a matrix.")
  private @Nullable Integer landmarks;

  @Option(names = "--seed", paramLabel = "S", defaultValue = "0",
      description = "Seed of the random start; default ${DEFAULT-VALUE}.")
  private long seed;

  @Option(names = "--repeat", paramLabel = "N", defaultValue = "0",
      description = "After one warm-up, time N runs; seconds is their minimum, without the residuals of --all, which are"
          + " measured once.")
  private int repeat;

  @Mixin
  private BackendOptions backendOptions;

  @Mixin
  private OutputOptions output;

  @Override
  int execute() {
    requireUsage();
    Optional<Path> file = output.file();
    if (file.isEmpty() && !output.json()) {
      throw new InvalidArgument("give --out PATH.npz for the eigenpairs, or --json for a summary");
    }
    try (Backend backend = backendOptions.open(work())) {
      if (matrix != null) {
        ofMatrix(backend, matrix, file);
      } else if (model != null && input != null) {
        ofModel(backend, model, input, file);
      }
    }
    return ExitCodes.DONE;
  }

  private Work work() {
    boolean dense = all || method == SpectrumMethod.FULL;
    DType dtype = backendOptions.dtype();
    if (matrix != null) {
      return WorkEstimate.matrixSpectrum(matrix, dense, dtype);
    }
    return model == null || input == null ? Work.UNKNOWN
        : WorkEstimate.kernelSpectrum(kind, model, activation, input, dense, dtype);
  }

  private void requireUsage() {
    if ((matrix == null) == (model == null)) {
      throw new InvalidArgument("give either --matrix G.npy, or --model NET.npz with --input X.npy");
    }
    if ((model == null) != (input == null)) {
      throw new InvalidArgument(model == null ? "--input belongs to --model; --matrix needs none"
          : "--model needs --input X.npy, the samples that the kernel is of");
    }
    if (all == (top != null)) {
      throw new InvalidArgument("give either --top K or --all");
    }
    if (all && (method == SpectrumMethod.KRYLOV || method == SpectrumMethod.RANDOMIZED)) {
      throw new InvalidArgument("--method " + method.name().toLowerCase(Locale.ROOT)
          + " finds some pairs, not --all; give --top K, or --method full");
    }
    if (tolerance != null && !(tolerance > 0 && tolerance < 1)) {
      throw new InvalidArgument("--tol " + tolerance + ": it must lie between 0 and 1");
    }
    if (passes < 1 || landmarks != null && landmarks < 0) {
      throw new InvalidArgument("--passes " + passes + ", --landmarks " + landmarks
          + ": at least one pass is needed, and no less than 0 landmarks");
    }
  }

  private void ofMatrix(Backend backend, Path file, Optional<Path> out) {
    try (Matrix a = Inputs.matrix("--matrix", file, backend, backendOptions.dtype())) {
      if (a.rows() != a.cols()) {
        throw new ShapeMismatch("--matrix " + file + " is " + a.rows() + "x" + a.cols()
            + "; a square symmetric matrix is needed");
      }
      int count = count(a.rows());
      var problem = new SpectrumProblem(backend, method, count, options(a.rows(), false), err());
      if (problem.isDense(a.rows())) {
        requireDense(a.rows(), a.dtype().bytes());
      }
      solve(backend, () -> problem.of(a), found -> problem.measured(a, found), problem, "stored", out);
    }
  }

  private void ofModel(Backend backend, Path networkFile, Path samples, Optional<Path> out) {
    try (Network network = Inputs.network(networkFile, backend, backendOptions.dtype(), activation);
        Matrix x = Inputs.matrix("--input", samples, backend, backendOptions.dtype())) {
      Inputs.requireColumns("--input", samples, x, network);
      var ntk = EmpiricalNtk.of(network).withBudget(backendOptions.memoryBytes() / 2);
      NtkPlan gram = kind.plan(ntk, x.rows(), null);
      int count = count(gram.rows());
      var problem = new SpectrumProblem(backend, method, count, options(gram.rows(), true), err());
      if (all || method == SpectrumMethod.FULL) {
        requireDense(gram.rows(), network.dtype().bytes());
        solve(backend, () -> problem.ofStored(ntk, kind, x, gram), found -> found, problem, "stored", out);
      } else {
        boolean fixed = method == SpectrumMethod.RANDOMIZED;
        SpectrumPlan plan = kind.spectrumPlan(ntk, x.rows(), count, fixed ? passes : 0);
        solve(backend, () -> problem.of(ntk, kind, x, plan), found -> found, problem, plan.report(), out);
      }
    }
  }

  private int count(long size) {
    if (size == 0) {
      throw new InvalidArgument((matrix != null ? "--matrix " + matrix : "the kernel of --input " + input)
          + " is empty: it has no eigenpairs");
    }
    int count = top != null ? top : Math.toIntExact(size);
    if (count < 1 || count > size) {
      throw new InvalidArgument("--top " + count + ": there are " + size + " eigenpairs; ask for 1 to " + size);
    }
    return count;
  }

  private void requireDense(long size, int bytes) {
    backendOptions.requireMemory("a decomposition of a " + size + "x" + size + " matrix", 5L * size * size * bytes);
  }

  private EigenOptions options(long size, boolean kernel) {
    long most = Math.min(2000, Math.max(100, size / 20));
    int rows = landmarks != null ? landmarks : kernel ? (int) Math.min(most, size) : 0;
    return EigenOptions.DEFAULTS.withTolerance(tolerance == null ? 0 : tolerance).withSeed(seed).withPasses(passes)
        .withLandmarks((int) Math.min(rows, size)).withMemory(backendOptions.memoryBytes() / 4);
  }

  private void solve(
      Backend backend, Supplier<EigenPairs> solver, UnaryOperator<EigenPairs> measurement, SpectrumProblem problem,
      String form, Optional<Path> file) {
    if (!problem.isDense()) {
      Interruption.arm();
    }
    var result = new @Nullable EigenPairs[1];
    try {
      double seconds = Stopwatch.seconds(() -> {
        if (result[0] != null) {
          result[0].close();
        }
        result[0] = solver.get();
        Stopwatch.settle(result[0].values());
      }, repeat);
      EigenPairs found = result[0];
      result[0] = null;
      EigenPairs pairs = measurement.apply(found);
      result[0] = pairs;
      file.ifPresent(path -> write(backend, path, pairs));
      out().println(new SpectrumSummary(problem.method(), form, pairs, seconds, backend.name(),
          output.path().map(Path::toString).orElse("")).text(output.json()));
    } finally {
      if (result[0] != null) {
        result[0].close();
      }
    }
  }

  private void write(Backend backend, Path path, EigenPairs pairs) {
    Matrix rows = pairs.vectors();
    try (Matrix columns = backend.zeros(rows.dtype(), rows.cols(), rows.rows())) {
      backend.transpose(rows, columns);
      Npz.write(path, output.ifExists(), npz -> {
        npz.put("values", pairs.values(), pairs.values().cols());
        npz.put("vectors", columns);
        npz.put("residuals", pairs.residuals(), pairs.residuals().cols());
      });
    }
  }
}
