package io.contraspectra.experiments.cli;

import com.google.gson.JsonObject;
import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.Npz;
import io.contraspectra.core.loss.AlphaEvaluation;
import io.contraspectra.core.loss.AlphaLoss;
import io.contraspectra.core.loss.Loss;
import io.contraspectra.core.loss.LossEntry;
import io.contraspectra.core.loss.LossEvaluation;
import io.contraspectra.core.loss.Losses;
import io.contraspectra.core.loss.SideArray;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  @Mixin
  private LossArrays arrays;

  @Mixin
  private LossParameters parameters;

  @Mixin
  private BackendOptions backendOptions;

  @Mixin
  private OutputOptions output;

  @Override
  int execute() {
    Optional<Path> file = output.file();
    Loss loss = parameters.loss(name);
    LossEntry entry = Losses.entry(name);
    List<Path> blocks = arrays.blocks(entry);
    try (Backend backend = backendOptions.open(); var opened = new OpenArrays()) {
      SideArrays sides = sideArrays(entry, backend, opened);
      Matrix embeddings = opened.add(stacked(entry, blocks, backend));
      long samples = embeddings.rows() / loss.blocks();
      backendOptions.requireMemory(name + " of " + samples + " samples",
          2 * Matrix.bytes(embeddings.dtype(), embeddings.rows(), embeddings.cols())
              + loss.workspaceBytes(embeddings.dtype(), samples, embeddings.cols())
              + (file.isPresent() ? importanceBytes(loss, embeddings, samples) : 0));
      Matrix gradient = opened.add(backend.zeros(embeddings.dtype(), embeddings.rows(), embeddings.cols()));
      try (LossEvaluation evaluation =
          loss.evaluation(backend, embeddings.dtype(), samples, embeddings.cols(), sides)) {
        double value = evaluation.evaluate(embeddings, gradient);
        requireFinite(value);
        file.ifPresent(path -> write(path, entry, backend, evaluation, embeddings, gradient));
        print(value, evaluation.zeroRows());
      }
    }
    return ExitCodes.DONE;
  }

  private void requireFinite(double value) {
    if (!Double.isFinite(value)) {
      throw new InvalidArgument(name + " is " + value + " at these embeddings, beyond the range of numbers; scale them"
          + " down, raise the temperature, or give --dtype f64");
    }
  }

  /** What was read and must be closed. */
  private static final class OpenArrays implements AutoCloseable {

    private final List<Matrix> matrices = new ArrayList<>();

    Matrix add(Matrix matrix) {
      matrices.add(matrix);
      return matrix;
    }

    @Override
    public void close() {
      matrices.forEach(Matrix::close);
    }
  }

  private SideArrays sideArrays(LossEntry entry, Backend backend, OpenArrays opened) {
    SideArrays sides = SideArrays.NONE;
    for (SideArray array : entry.arrays()) {
      Optional<Path> file = arrays.side(array);
      if (file.isPresent()) {
        sides = sides.with(array, opened.add(read("--" + array.label(), file.get(), backend)));
      }
    }
    return sides;
  }

  /** The blocks one below the other, as the loss takes them. */
  private Matrix stacked(LossEntry entry, List<Path> files, Backend backend) {
    String firstName = entry.style().arrays().getFirst();
    Matrix first = read("--" + firstName, files.getFirst(), backend);
    if (files.size() == 1) {
      return first;
    }
    try (first) {
      Matrix stacked = backend.zeros(first.dtype(), files.size() * first.rows(), first.cols());
      try {
        backend.copy(first, stacked.rowRange(0, first.rows()));
        for (int block = 1; block < files.size(); block++) {
          String option = "--" + entry.style().arrays().get(block);
          try (Matrix matrix = read(option, files.get(block), backend)) {
            if (matrix.rows() != first.rows() || matrix.cols() != first.cols()) {
              throw new ShapeMismatch(option + " " + files.get(block) + " is " + matrix.describe("") + ", --"
                  + firstName + " is " + first.describe("") + "; --" + String.join(", --", entry.style().arrays())
                  + " must have one shape");
            }
            backend.copy(matrix, stacked.rowRange(block * first.rows(), first.rows()));
          }
        }
        return stacked;
      } catch (RuntimeException | Error e) {
        stacked.close();
        throw e;
      }
    }
  }

  private Matrix read(String option, Path file, Backend backend) {
    return Inputs.matrix(option, file, backend, backendOptions.dtype());
  }

  /** What the importance of all pairs takes, for losses that have one. */
  private static long importanceBytes(Loss loss, Matrix embeddings, long samples) {
    return loss instanceof AlphaLoss alpha
        ? Matrix.bytes(embeddings.dtype(), alpha.anchors(samples), alpha.anchors(samples)) : 0;
  }

  private void write(Path path, LossEntry entry, Backend backend, LossEvaluation evaluation, Matrix embeddings,
      Matrix gradient) {
    List<String> names = entry.style().gradients();
    long samples = gradient.rows() / names.size();
    Npz.write(path, output.ifExists(), npz -> {
      for (int block = 0; block < names.size(); block++) {
        npz.put(names.get(block), gradient.rowRange(block * samples, samples));
      }
      if (evaluation.parameterGradient().isPresent()) {
        npz.put("dP", evaluation.parameterGradient().get());
      }
      if (evaluation instanceof AlphaEvaluation alpha) {
        try (Matrix importance = backend.zeros(gradient.dtype(), alpha.anchors(), alpha.anchors())) {
          alpha.importance(embeddings, importance);
          npz.put("alpha", importance);
        }
      }
    });
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
