package io.contraspectra.experiments.cli;

import com.google.gson.JsonObject;
import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.Npz;
import io.contraspectra.core.loss.TripletEvaluation;
import io.contraspectra.core.loss.TripletLoss;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code loss}: value and gradients of a loss at given embeddings. */
@Command(name = "loss", description = "Evaluate a loss and its gradients at given embeddings.")
final class LossCommand extends AbstractCommand {

  @Option(names = "--name", required = true, paramLabel = "LOSS", description = "A name that 'losses' lists.")
  private String name = "";

  @Option(names = "--f", required = true, paramLabel = "F.npy", description = "Anchors, N x K.")
  private Path f;

  @Option(names = "--p", required = true, paramLabel = "P.npy", description = "Positives, N x K.")
  private Path p;

  @Option(names = "--q", required = true, paramLabel = "Q.npy", description = "Negatives, N x K.")
  private Path q;

  @Mixin
  private LossParameters parameters;

  @Mixin
  private BackendOptions backendOptions;

  @Mixin
  private OutputOptions output;

  @Override
  int execute() {
    Optional<Path> file = output.file();
    TripletLoss loss = parameters.loss(name);
    try (Backend backend = backendOptions.open();
        Matrix anchors = read(backend, "--f", f);
        Matrix positives = read(backend, "--p", p);
        Matrix negatives = read(backend, "--q", q)) {
      requireShape("--p " + p, positives, anchors);
      requireShape("--q " + q, negatives, anchors);
      backendOptions.requireMemory(name + " of " + anchors.rows() + " triplets", memory(loss, anchors));
      try (Matrix df = like(anchors, backend);
          Matrix dp = like(anchors, backend);
          Matrix dq = like(anchors, backend);
          var evaluation = loss.evaluation(backend, anchors.dtype(), anchors.rows(), anchors.cols())) {
        double value = evaluation.evaluate(anchors, positives, negatives, df, dp, dq);
        file.ifPresent(path -> Npz.write(path, output.ifExists(), npz -> {
          npz.put("dF", df);
          npz.put("dP", dp);
          npz.put("dQ", dq);
        }));
        print(value, evaluation.zeroRows());
      }
    }
    return ExitCodes.DONE;
  }

  private Matrix read(Backend backend, String option, Path file) {
    return Inputs.matrix(option, file, backend, backendOptions.dtype());
  }

  /** Embeddings, gradients, and what the loss itself needs. */
  private static long memory(TripletLoss loss, Matrix anchors) {
    return 6 * Matrix.bytes(anchors.dtype(), anchors.rows(), anchors.cols())
        + TripletEvaluation.workspaceBytes(loss, anchors.dtype(), anchors.rows(), anchors.cols());
  }

  private static Matrix like(Matrix matrix, Backend backend) {
    return backend.zeros(matrix.dtype(), matrix.rows(), matrix.cols());
  }

  private static void requireShape(String what, Matrix matrix, Matrix anchors) {
    if (matrix.rows() != anchors.rows() || matrix.cols() != anchors.cols()) {
      throw new ShapeMismatch(what + " is " + matrix.describe("") + ", the anchors are " + anchors.describe("")
          + "; anchors, positives and negatives must have one shape");
    }
  }

  private void print(double value, long zeroRows) {
    if (output.json()) {
      var object = new JsonObject();
      object.add("loss", Json.number(value));
      object.addProperty("zero_rows", zeroRows);
      out().println(Json.text(object));
    } else {
      out().printf(Locale.ROOT, "%s %.17g%n", name, value);
    }
    if (zeroRows > 0) {
      err().println("warning: " + zeroRows + " rows have norm at most 1e-12; they got similarity 0 and gradient 0");
    }
  }
}
