package io.contraspectra.experiments.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.data.Npz;
import io.contraspectra.core.manifold.FlowMethod;
import io.contraspectra.core.manifold.GrassmannFlow;
import io.contraspectra.core.manifold.TraceObjective;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code grassmann}: the subspace flow of −tr(WᵀCW) under WᵀW = I at given times. */
@Command(name = "grassmann", description = "Follow the gradient flow of -tr(W'CW) over subspaces.")
final class GrassmannCommand extends AbstractCommand {

  @Option(names = "--c", required = true, paramLabel = "C.npy", description = "The matrix C, d x d; only C + C' matters.")
  private Path c;

  @Option(names = "--w0", required = true, paramLabel = "W0.npy",
      description = "The start, d x z with orthonormal columns.")
  private Path w0;

  @Option(names = "--times", required = true, paramLabel = "T.npy", description = "Times, ascending from 0 on.")
  private Path times;

  @Option(names = "--method", paramLabel = "NAME", defaultValue = "exact",
      description = "exact, qr, polar, geodesic, oja or o2 (default ${DEFAULT-VALUE}).")
  private String method = "exact";

  @Option(names = "--eta", paramLabel = "E", description = "Step size of every method but exact.")
  private @Nullable Double eta;

  @Mixin
  private BackendOptions backendOptions;

  @Mixin
  private OutputOptions output;

  /** W and P at all times, stacked below each other, and the objective. */
  private record Trajectory(Matrix frames, Matrix projectors, Matrix objective) implements AutoCloseable {

    @Override
    public void close() {
      frames.close();
      projectors.close();
      objective.close();
    }
  }

  @Override
  int execute() {
    Optional<Path> file = output.file();
    if (file.isEmpty() && !output.json()) {
      throw new InvalidArgument("give --out PATH.npz for W, P and the objective, or --json for the objective");
    }
    FlowMethod chosen = chosen();
    try (Backend backend = backendOptions.open(WorkEstimate.products(c, w0, backendOptions.dtype()));
        Matrix matrix = Inputs.matrix("--c", c, backend, backendOptions.dtype());
        Matrix start = Inputs.matrix("--w0", w0, backend, backendOptions.dtype());
        TraceObjective objective = TraceObjective.of(backend, matrix);
        GrassmannFlow flow = GrassmannFlow.start(objective, start, chosen, eta == null ? Double.NaN : eta)) {
      double[] at = times(backend);
      long d = start.rows();
      long z = start.cols();
      backendOptions.requireMemory(at.length + " projectors of " + d + "x" + d,
          Matrix.bytes(start.dtype(), at.length, Math.multiplyExact(d, d)));
      try (Trajectory trajectory = follow(backend, flow, at)) {
        file.ifPresent(path -> Npz.write(path, output.ifExists(), npz -> {
          npz.put("W", trajectory.frames(), at.length, d, z);
          npz.put("P", trajectory.projectors(), at.length, d, d);
          npz.put("objective", trajectory.objective(), at.length);
        }));
        if (output.json()) {
          print(at, trajectory, d, z);
        }
      }
    }
    return ExitCodes.DONE;
  }

  private FlowMethod chosen() {
    FlowMethod chosen = FlowMethod.named(method);
    if (chosen == FlowMethod.EXACT == (eta != null)) {
      throw new InvalidArgument(eta == null ? "--method " + method + " needs a step size, --eta E"
          : "--eta means nothing to the exact flow; choose a --method that steps, or leave it out");
    }
    return chosen;
  }

  private double[] times(Backend backend) {
    try (Matrix column = Inputs.matrix("--times", times, backend, DType.F64)) {
      if (column.rows() != 1 && column.cols() != 1) {
        throw new ShapeMismatch(column.describe("--times " + times + " is ") + "; give one row or column of times");
      }
      double[] at = column.toArray();
      for (int i = 0; i < at.length; i++) {
        double before = i == 0 ? 0 : at[i - 1];
        if (at[i] < before) {
          throw new InvalidArgument("--times " + times + ": time " + i + " is " + at[i] + " after "
              + (i == 0 ? "the start at 0" : before) + "; give times in ascending order, from 0 on");
        }
      }
      return at;
    }
  }

  private static Trajectory follow(Backend backend, GrassmannFlow flow, double[] times) {
    Matrix start = flow.frame();
    long d = start.rows();
    var trajectory = new Trajectory(backend.zeros(start.dtype(), times.length * d, start.cols()),
        backend.zeros(start.dtype(), times.length * d, d), backend.zeros(start.dtype(), times.length, 1));
    try {
      for (int i = 0; i < times.length; i++) {
        flow.advanceTo(times[i]);
        backend.copy(flow.frame(), trajectory.frames().rowRange(i * d, d));
        backend.gemm(Transpose.NO, Transpose.YES, 1, flow.frame(), flow.frame(), 0,
            trajectory.projectors().rowRange(i * d, d));
        trajectory.objective().set(i, 0, flow.objective());
      }
      return trajectory;
    } catch (RuntimeException | Error e) {
      trajectory.close();
      throw e;
    }
  }

  private void print(double[] times, Trajectory trajectory, long d, long z) {
    var shape = new JsonArray();
    for (long size : new long[] {times.length, d, z}) {
      shape.add(size);
    }
    var objective = new JsonArray();
    for (double value : trajectory.objective().toArray()) {
      objective.add(Json.number(value));
    }
    var object = new JsonObject();
    object.addProperty("method", method);
    object.add("shape", shape);
    object.add("objective", objective);
    out().println(Json.text(object));
  }
}
