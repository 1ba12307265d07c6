package io.contraspectra.core.spectral;

import io.contraspectra.core.graph.ConnectedComponents;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.spectral.Finding.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Collects what is noteworthy while an embedding is made. Not thread-safe. */
final class Findings {

  /** Eigenvalues closer than this fraction of the largest possible one count as equal. */
  private static final double EQUAL = 1e-6;

  private final List<Finding> findings = new ArrayList<>();

  List<Finding> list() {
    return findings;
  }

  void add(Kind kind, String format, Object... numbers) {
    findings.add(new Finding(kind, String.format(Locale.ROOT, format, numbers)));
  }

  /**
   * Tells of a multiple eigenvalue of which K takes a part.
   *
   * @param scale size of the largest eigenvalues
   */
  void cut(double last, double next, int k, double scale) {
    if (Math.abs(last - next) <= EQUAL * scale) {
      add(Kind.CUT_EIGENSPACE, "K = %d cuts a multiple eigenvalue (%.6g, the next one is %.6g): which of its vectors"
          + " are taken is arbitrary, only the value and the spectrum are unique", k, last, next);
    }
  }

  /** Tells of several components; isolated vertices are told of apart. */
  void components(RelationGraph graph) {
    ConnectedComponents components = graph.components();
    if (components.count() > 1) {
      add(Kind.DISCONNECTED, "the graph has %d components: %d further zero eigenvalues, whose modes tell them apart,"
          + " are kept", components.count(), components.count() - 1);
    }
  }

  /** Tells of vertices that have no relation. */
  void isolated(RelationGraph graph, String consequence) {
    int[] isolated = graph.isolatedVertices();
    if (isolated.length > 0) {
      add(Kind.ISOLATED_VERTICES, "%d vertices have no relation (the first is %d): %s", isolated.length, isolated[0],
          consequence);
    }
  }

  /** Tells of dimensions that vanish at the optimum. */
  void collapsed(double[] gains, String because) {
    long zero = Arrays.stream(gains).filter(gain -> gain == 0).count();
    if (zero > 0) {
      add(Kind.COLLAPSED, "%d of %d dimensions are zero at the optimum: %s", zero, gains.length, because);
    }
  }
}
