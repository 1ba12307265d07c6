package io.contraspectra.experiments.cli;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.AtomicFile;
import io.contraspectra.core.data.IfExists;
import io.contraspectra.core.data.Npy;
import io.contraspectra.core.loss.SideArray;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.core.random.RandomStreams;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a loss takes beside the embeddings of a run: where it starts, and where it goes at the end. */
final class TrainArrays {

  @Option(names = "--graph", paramLabel = "G.npy", description = "Graph losses: N x N over the samples of the batch.")
  private @Nullable Path graph;

  @Option(names = "--queue", paramLabel = "Q|S.npy",
      description = "nnclr: the support set in which neighbours are looked for, a file of Q x K rows or a number Q of"
          + " random ones; at every step the first view's embeddings take the place of the oldest.")
  private @Nullable String queue;

  @Option(names = "--predictor", paramLabel = "P.npy",
      description = "simsiam: the linear predictor to start from, K x K (default: the identity); it is trained too.")
  private @Nullable Path predictor;

  private final List<Matrix> open = new ArrayList<>();
  private @Nullable Matrix support;

  /**
   * Reads or draws the arrays, which stay open until {@link #close}.
   *
   * @param outputs K
   */
  SideArrays read(Backend backend, DType dtype, int outputs, RandomStreams streams) {
    SideArrays arrays = SideArrays.NONE;
    if (graph != null) {
      arrays = arrays.with(SideArray.GRAPH, keep(Inputs.matrix("--graph", graph, backend, dtype)));
    }
    if (queue != null) {
      support = keep(isNumber(queue) ? random(backend, dtype, outputs, streams.named("train/queue"))
          : Inputs.matrix("--queue", Path.of(queue), backend, dtype));
      arrays = arrays.with(SideArray.QUEUE, support);
    }
    if (predictor != null) {
      arrays = arrays.with(SideArray.PREDICTOR, keep(Inputs.matrix("--predictor", predictor, backend, dtype)));
    }
    return arrays;
  }

  /** Takes over a matrix that is closed with the arrays. */
  Matrix keep(Matrix matrix) {
    open.add(matrix);
    return matrix;
  }

  private static boolean isNumber(String text) {
    return text.matches("\\d+");
  }

  private Matrix random(Backend backend, DType dtype, int outputs, RandomGenerator random) {
    int rows;
    try {
      rows = Integer.parseInt(queue);
    } catch (NumberFormatException e) {
      throw new InvalidArgument("--queue " + queue + ": a support set of so many rows cannot be held");
    }
    Matrix matrix = backend.zeros(dtype, rows, outputs);
    matrix.copyFrom(RandomDraws.gaussian(random, Math.multiplyExact(rows, outputs)));
    return matrix;
  }

  /** What of these options makes a run what it is. */
  void describe(Map<String, String> run) {
    var given = new LinkedHashMap<String, @Nullable Object>();
    given.put("graph", graph);
    given.put("queue", queue);
    given.put("predictor", predictor);
    given.forEach((name, value) -> {
      if (value != null) {
        run.put(name, value.toString());
      }
    });
  }

  /** The files that a run writes for its loss beside the network file. */
  List<Path> outputs(Path network, boolean trainsPredictor) {
    var files = new ArrayList<Path>();
    if (trainsPredictor) {
      files.add(beside(network, SideArray.PREDICTOR));
    }
    if (queue != null) {
      files.add(beside(network, SideArray.QUEUE));
    }
    return files;
  }

  /** Writes what training has made of the loss's own arrays. */
  void write(Path network, IfExists ifExists, @Nullable Matrix trainedPredictor) {
    if (trainedPredictor != null) {
      Npy.write(beside(network, SideArray.PREDICTOR), ifExists, trainedPredictor);
    }
    if (support != null) {
      Npy.write(beside(network, SideArray.QUEUE), ifExists, support);
    }
  }

  /** {@code net.predictor.npy} for the network file {@code net.npz}. */
  private static Path beside(Path network, SideArray array) {
    String name = network.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return network.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + "." + array.label() + ".npy");
  }

  void close() {
    open.forEach(Matrix::close);
  }
}
