package io.contraspectra.experiments.cli;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.DataFiles;
import io.contraspectra.core.data.LabelledData;
import io.contraspectra.core.graph.GraphOperator;
import io.contraspectra.core.graph.NearestNeighbours;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.graph.Relations;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.matrix.Matrix;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the relation between samples comes from. */
final class RelationOptions {

  @Option(names = "--graph", paramLabel = "G", description = "Relation matrix, N x N, symmetric and not negative.")
  private @Nullable Path graph;

  @Option(names = "--labels", paramLabel = "Y",
      description = "Labels, one a sample: samples of one class are related by 1/n_c.")
  private @Nullable Path labels;

  @Option(names = "--knn", paramLabel = "K", description = "Relate every sample to its K nearest ones.")
  private @Nullable Integer neighbours;

  @Option(names = "--graph-weights", paramLabel = "NAME",
      description = "With --knn: binary (default), or heat, exp(-|x-x'|^2/s); --param scale=s, by default the median"
          + " of all squared distances.")
  private @Nullable Weights weights;

  private enum Weights { BINARY, HEAT }

  /** Whether the relation has heat weights, whose scale is a parameter. */
  boolean hasScale() {
    return weights == Weights.HEAT;
  }

  /** Refuses relations that a method does not take. */
  void requireAllowed(String method, boolean relation, boolean labelled, boolean neighbourhood) {
    refuse(method, "--graph", graph != null && !relation);
    refuse(method, "--labels", labels != null && !relation && !labelled);
    refuse(method, "--knn", neighbours != null && !relation && !neighbourhood);
    if (weights != null && (neighbours == null || !relation)) {
      throw new InvalidArgument("--graph-weights are those of neighbours; give --knn K as well, or leave them out");
    }
  }

  private static void refuse(String method, String option, boolean given) {
    if (given) {
      throw new InvalidArgument(option + " means nothing to " + method + "; leave it out");
    }
  }

  /** The relation matrix, null if none was given; to be closed by the caller. */
  @Nullable Matrix openGraph(Backend backend) {
    return graph == null ? null : Inputs.matrix("--graph", graph, backend, DType.F64);
  }

  /**
   * Refuses a relation that relates too many pairs for the budget or for the Java heap, on which its entries are.
   *
   * @param g the relation matrix, if there is one
   */
  void requireMemory(String method, @Nullable Matrix g, BackendOptions budget) {
    long entries = g != null ? entries(g) : labels != null && neighbours == null ? entries(labels(method)) : 0;
    if (entries == 0) {
      return;
    }
    long samples = g != null ? g.rows() : labels(method).length;
    String what = "a relation of " + samples + " samples with " + entries + " entries";
    long heap = GraphOperator.heapBytes(samples, entries);
    budget.requireMemory(what, heap + GraphOperator.denseBytes(samples, entries));
    long most = Runtime.getRuntime().maxMemory();
    if (heap > most) {
      throw new InvalidArgument(what + " needs " + MemorySize.text(heap) + " of Java heap, this JVM has at most "
          + MemorySize.text(most) + "; set JDK_JAVA_OPTIONS=-Xmx" + Math.ceilDiv(heap, 1 << 30) + "g, or relate fewer"
          + " pairs, as --knn does");
    }
  }

  private static long entries(Matrix g) {
    long entries = 0;
    for (long row = 0; row < g.rows(); row++) {
      entries += Arrays.stream(g.rowRange(row, 1).toArray()).filter(weight -> weight != 0).count();
    }
    return entries;
  }

  private static long entries(int[] labels) {
    return Arrays.stream(labels).boxed().collect(Collectors.groupingBy(label -> label, Collectors.counting())).values()
        .stream().mapToLong(members -> members * members).sum();
  }

  /**
   * The relation of a method that needs one.
   *
   * @param g what {@link #openGraph} gave
   */
  RelationGraph relation(String method, Backend backend, @Nullable Matrix x, @Nullable Matrix g,
      EmbedParameters parameters) {
    long given = Stream.of(graph, labels, neighbours).filter(source -> source != null).count();
    if (given != 1) {
      throw new InvalidArgument(method + " needs a relation between the samples: give one of --graph G, --labels Y and"
          + " --knn K" + (given > 1 ? ", not several" : ""));
    }
    if (g != null) {
      return RelationGraph.of(backend, g);
    }
    if (labels != null) {
      return Relations.labels(labels(method));
    }
    if (x == null) {
      throw new InvalidArgument("--knn needs the samples; give --input X");
    }
    NearestNeighbours nearest = NearestNeighbours.search(backend, x, neighbours(method));
    if (weights != Weights.HEAT) {
      return nearest.binary();
    }
    return nearest.heat(parameters.number("scale", () -> NearestNeighbours.medianSquaredDistance(backend, x)));
  }

  /** The labels of a method that needs them. */
  int[] labels(String method) {
    if (labels == null) {
      throw new InvalidArgument(method + " needs labels; give --labels Y");
    }
    LabelledData data = DataFiles.read(labels);
    if (data.labels() != null) {
      return data.labels();
    }
    if (data.cols() != 1 && data.rows() != 1) {
      throw new InvalidData("--labels " + labels + " has " + data.rows() + " rows of " + data.cols()
          + " numbers; give one label a sample");
    }
    double[] values = data.features();
    for (int i = 0; i < values.length; i++) {
      if (values[i] != Math.rint(values[i]) || Math.abs(values[i]) > Integer.MAX_VALUE) {
        throw new InvalidData("--labels " + labels + ": the label of sample " + i + " is " + values[i]
            + "; labels are whole numbers");
      }
    }
    return Arrays.stream(values).mapToInt(value -> (int) value).toArray();
  }

  /** The labels where they were given. */
  Optional<int[]> knownLabels(String method) {
    return labels == null ? Optional.empty() : Optional.of(labels(method));
  }

  /** k of a method that needs neighbours. */
  int neighbours(String method) {
    if (neighbours == null) {
      throw new InvalidArgument(method + " needs a number of neighbours; give --knn K");
    }
    return neighbours;
  }
}
