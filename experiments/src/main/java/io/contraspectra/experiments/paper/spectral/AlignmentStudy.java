package io.contraspectra.experiments.paper.spectral;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.graph.Relations;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.experiments.paper.Gate;
import io.contraspectra.experiments.paper.Measured;
import io.contraspectra.experiments.paper.Study;
import io.contraspectra.experiments.paper.spectral.Encoder.Method;
import io.contraspectra.experiments.paper.spectral.Probe.Labels;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * What a relation that is aligned with a task, or not, leaves for a probe to learn (spectral.md 7): linear encoders of
 * {@code (1 − m) G_label + m G_other}, where the other relation is that of shuffled labels or of a nuisance factor.
 */
final class AlignmentStudy implements Study {

  /** Shares of the other relation that the claims are about, and one more. */
  static final double[] QUICK_SHARES = {0, 0.25, 0.5, 0.75, 0.9, 1};
  static final double[] SHARES = {0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9, 0.95, 0.99, 1};

  private final AlignmentGates gates;
  private final TaskSource source;
  private final double[] shares;

  /** Where tasks come from. */
  interface TaskSource {
    Task draw(Backend backend, RandomGenerator random);
  }

  AlignmentStudy(TaskSource source, AlignmentGates gates, double[] shares) {
    this.source = source;
    this.gates = gates;
    this.shares = shares;
  }

  /** Shares m of the other relation. */
  double[] shares() {
    return shares;
  }

  /** What a part of the relation is replaced by. */
  enum Other {
    RANDOM, NUISANCE;

    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The data, e.g. {@code digits}. */
  String data() {
    return gates.data();
  }

  @Override
  public String name() {
    return "alignment-" + data();
  }

  static String errorName(String data, Other other, double m, Method method, Labels labels) {
    return data + " error, " + other.label() + " m = " + m + ", " + method.label() + ", " + labels.text();
  }

  static String excessName(String data, Other other, double m) {
    return data + ": excess residual, " + other.label() + " m = " + m;
  }

  static String rawName(String data, Labels labels) {
    return data + " error, raw inputs, " + labels.text();
  }

  @Override
  public Measured.Sheet measure(Backend backend, RandomGenerator random) {
    var sheet = new Measured.Sheet();
    try (Task task = source.draw(backend, random)) {
      var probe = new Probe(task);
      for (Labels labels : Labels.values()) {
        sheet.put(rawName(data(), labels), probe.rawError(labels));
      }
      RelationGraph aligned = Relations.labels(task.labels());
      for (Other other : Other.values()) {
        RelationGraph misaligned = Relations.labels(other == Other.RANDOM ? shuffled(task.labels(), random)
            : task.nuisance());
        for (double m : shares) {
          measure(task, probe, aligned.interpolatedWith(m, misaligned), other, m, sheet);
        }
      }
    }
    gates.differences(sheet);
    return sheet;
  }

  private void measure(Task task, Probe probe, RelationGraph graph, Other other, double m, Measured.Sheet sheet) {
    for (Method method : Method.values()) {
      try (Encoder encoder = method.fit(task, graph); Matrix weights = encoder.weights(task.backend())) {
        for (Labels labels : Labels.values()) {
          sheet.put(errorName(data(), other, m, method, labels), probe.error(weights, labels));
        }
        if (method == Method.SIMCLR) {
          sheet.put(excessName(data(), other, m), probe.excess(weights));
        }
      }
    }
  }

  private static int[] shuffled(int[] labels, RandomGenerator random) {
    return Arrays.stream(RandomDraws.distinct(random, labels.length, labels.length)).map(i -> labels[i]).toArray();
  }

  @Override
  public List<Gate> gates() {
    return gates.all();
  }
}
