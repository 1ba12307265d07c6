package io.contraspectra.experiments.cli;

import io.contraspectra.core.loss.LossEntry;
import io.contraspectra.core.loss.SideArray;
import io.contraspectra.core.matrix.InvalidArgument;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The arrays that a loss is evaluated on; which of them are needed, the loss's style says. */
final class LossArrays {

  @Option(names = "--f", paramLabel = "F.npy", description = "Triplets: anchors, N x K.")
  private @Nullable Path f;

  @Option(names = "--p", paramLabel = "P.npy", description = "Triplets: positives.")
  private @Nullable Path p;

  @Option(names = "--q", paramLabel = "Q.npy", description = "Triplets: negatives.")
  private @Nullable Path q;

  @Option(names = "--z", paramLabel = "Z.npy", description = "Alpha and graph losses: embeddings, N x K.")
  private @Nullable Path z;

  @Option(names = "--zp", paramLabel = "ZP.npy", description = "Alpha losses: the embeddings' positives.")
  private @Nullable Path zp;

  @Option(names = "--za", paramLabel = "ZA.npy", description = "Losses of two views: the first view, N x K.")
  private @Nullable Path za;

  @Option(names = "--zb", paramLabel = "ZB.npy", description = "Losses of two views: the second view.")
  private @Nullable Path zb;

  @Option(names = "--mask", paramLabel = "M.npy",
      description = "Alpha losses: N x N, 1 where j is a negative of i (default: every j but i).")
  private @Nullable Path mask;

  @Option(names = "--graph", paramLabel = "G.npy", description = "Graph losses: N x N, symmetric and non-negative.")
  private @Nullable Path graph;

  @Option(names = "--queue", paramLabel = "S.npy", description = "nnclr: the support set, Q x K.")
  private @Nullable Path queue;

  @Option(names = "--predictor", paramLabel = "P.npy",
      description = "simsiam: the linear predictor, K x K (default: the identity).")
  private @Nullable Path predictor;

  /** The files of the loss's blocks, in order; refuses files that the loss does not read. */
  List<Path> blocks(LossEntry loss) {
    Map<String, Path> given = given();
    List<String> taken = Stream.concat(loss.style().arrays().stream(), loss.arrays().stream().map(SideArray::label))
        .toList();
    for (String name : given.keySet()) {
      if (!taken.contains(name)) {
        throw new InvalidArgument("--" + name + " means nothing to " + loss.name() + ", which reads --"
            + String.join(" --", taken));
      }
    }
    for (String name : loss.style().arrays()) {
      if (!given.containsKey(name)) {
        throw new InvalidArgument(loss.name() + " needs --" + name + " FILE; it reads --"
            + String.join(" --", taken));
      }
    }
    return loss.style().arrays().stream().map(name -> Objects.requireNonNull(given.get(name))).toList();
  }

  /** The file of a side array, if it was given. */
  Optional<Path> side(SideArray array) {
    return Optional.ofNullable(given().get(array.label()));
  }

  private Map<String, Path> given() {
    var files = new TreeMap<String, @Nullable Path>();
    files.put("f", f);
    files.put("p", p);
    files.put("q", q);
    files.put("z", z);
    files.put("zp", zp);
    files.put("za", za);
    files.put("zb", zb);
    files.put("mask", mask);
    files.put("graph", graph);
    files.put("queue", queue);
    files.put("predictor", predictor);
    files.values().removeIf(Objects::isNull);
    return files;
  }
}
