package io.contraspectra.core.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.matrix.ContraSpectraException;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NonFinite;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.util.HashSet;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What losses refuse, and how they say so. */
class LossRefusalTest {

  private static final int N = 4;
  private static final int K = 3;

  private static <E extends ContraSpectraException> E refused(Class<E> type, String text, Executable call) {
    E error = assertThrows(type, call);
    assertTrue(error.getMessage().contains(text), error.getMessage());
    return error;
  }

  @Test
  void constants() {
    refused(InvalidArgument.class, "unknown loss 'alpha-infonse'; did you mean alpha-infonce?",
        () -> Losses.named("alpha-infonse", Map.of()));
    refused(InvalidArgument.class, "unknown parameter of vicreg 'esp'; did you mean eps?",
        () -> Losses.named("vicreg", Map.of("esp", "1")));
    refused(InvalidArgument.class, "tau is '0'; it must be a positive number",
        () -> Losses.named("ntxent", Map.of("tau", "0")));
    refused(InvalidArgument.class, "ddof is '2'; it must be 0 or 1",
        () -> Losses.named("graph-vicreg-sq", Map.of("ddof", "2", "alpha", "1", "beta", "1", "gamma", "1")));
    refused(InvalidArgument.class, "graph-vicreg-hinge has no default for alpha, beta, gamma; give --param alpha=VALUE",
        () -> Losses.named("graph-vicreg-hinge", Map.of()));
    refused(InvalidArgument.class, "spectral-batch has no parameters", () ->
        Losses.named("spectral-batch", Map.of("tau", "1")));
    refused(InvalidArgument.class, "gamma is NaN", () -> AlphaLoss.inverse(1, 1, Double.NaN, false));
    refused(InvalidArgument.class, "importance is back-propagated only where", () ->
        AlphaLoss.square(1, 1).backPropagated());
    // Losses without a temperature that take one all the same.
    assertEquals("dot-linear", Losses.named("dot-linear", Map.of("tau", "3")).name());
  }

  @Test
  void everyNameIsThereOnceAndDescribed() {
    var names = new HashSet<String>();
    for (LossEntry entry : Losses.catalogue()) {
      assertTrue(names.add(entry.name()), entry.name());
      assertTrue(!entry.formula().isBlank() && entry.source().contains(".md"), entry.name());
    }
    assertEquals(41, names.size());
  }

  @EveryBackend
  void embeddings(Backend backend) {
    for (LossEntry entry : Losses.catalogue()) {
      try (var arrangement = new LossArrangements(backend, entry, Map.of(), N, K, 1, 1);
          Matrix narrow = backend.zeros(DType.F64, (long) arrangement.loss.blocks() * N, K - 1);
          Matrix single = backend.zeros(DType.F32, (long) arrangement.loss.blocks() * N, K)) {
        assertEquals(entry.name(), arrangement.loss.name());
        refused(ShapeMismatch.class, entry.name() + ": embeddings must be " + arrangement.loss.blocks() * N + "x3 F64",
            () -> arrangement.evaluation.evaluate(narrow, narrow));
        refused(ShapeMismatch.class, "F32", () -> arrangement.evaluation.evaluate(single, single));
        double[] x = arrangement.embeddings.clone();
        x[x.length - 2] = Double.NaN;
        NonFinite error = refused(NonFinite.class, entry.name() + ": block '" + entry.style().arrays().getLast() + "'",
            () -> arrangement.value(x));
        assertEquals(N - 1, error.row());
        assertEquals(K - 2, error.column());
      }
    }
  }

  @Test
  void noSamples() {
    try (Backend backend = TestBackend.CPU_VECTOR.open(); Matrix none = backend.zeros(DType.F64, 0, 0);
        Matrix queue = backend.zeros(DType.F64, 1, K)) {
      for (LossEntry entry : Losses.catalogue()) {
        Map<String, String> constants = entry.name().startsWith("graph-vicreg")
            ? Map.of("alpha", "1", "beta", "1", "gamma", "1") : Map.of();
        SideArrays arrays = entry.style() == LossStyle.GRAPH ? SideArrays.of(SideArray.GRAPH, none)
            : entry.name().equals("nnclr") ? SideArrays.of(SideArray.QUEUE, queue) : SideArrays.NONE;
        refused(InvalidArgument.class, "at least", () ->
            entry.loss(constants).evaluation(backend, DType.F64, 0, K, arrays).close());
      }
    }
  }

  @Test
  void masks() {
    try (Backend backend = TestBackend.CPU_VECTOR.open(); Matrix mask = backend.zeros(DType.F64, N, N)) {
      Loss loss = Losses.named("alpha-infonce", Map.of());
      Executable make = () -> loss.evaluation(backend, DType.F64, N, K, SideArrays.of(SideArray.MASK, mask)).close();
      backend.fill(1, mask);
      refused(InvalidArgument.class, "makes sample 0 a negative of itself", make);
      backend.shiftDiagonal(-1, mask);
      mask.set(2, 1, .5);
      refused(InvalidArgument.class, "the mask has 0.5 at row 2, column 1", make);
      backend.fill(0, mask.rowRange(2, 1));
      refused(InvalidArgument.class, "row 2 of the mask has no negative", make);
      refused(ShapeMismatch.class, "mask(4x4) F64 must be 5x5",
          () -> loss.evaluation(backend, DType.F64, N + 1, K, SideArrays.of(SideArray.MASK, mask)).close());
      refused(InvalidArgument.class, "among 1 anchors there are none",
          () -> loss.evaluation(backend, DType.F64, 1, K).close());
      refused(InvalidArgument.class, "ntxent takes no array 'mask'", () -> Losses.named("ntxent", Map.of())
          .evaluation(backend, DType.F64, N, K, SideArrays.of(SideArray.MASK, mask)).close());
    }
  }

  @Test
  void graphs() {
    try (Backend backend = TestBackend.CPU_VECTOR.open(); Matrix graph = backend.zeros(DType.F64, N, N)) {
      Loss loss = Losses.named("graph-spectral", Map.of());
      Executable make = () -> loss.evaluation(backend, DType.F64, N, K, SideArrays.of(SideArray.GRAPH, graph)).close();
      refused(InvalidArgument.class, "the graph has no edge", make);
      graph.set(0, 1, 1);
      refused(InvalidArgument.class, "the graph is not symmetric", make);
      graph.set(1, 0, 1);
      graph.set(2, 2, -.5);
      refused(InvalidArgument.class, "the graph has a negative entry", make);
      graph.set(2, 2, Double.NaN);
      refused(NonFinite.class, "the graph", make);
      refused(InvalidArgument.class, "graph-spectral needs the array 'graph'",
          () -> loss.evaluation(backend, DType.F64, N, K).close());
    }
  }
}
