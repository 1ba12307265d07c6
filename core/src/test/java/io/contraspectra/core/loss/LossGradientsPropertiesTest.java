package io.contraspectra.core.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.TestBackend;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** The gradient of every loss is the derivative of its value, along any direction. */
class LossGradientsPropertiesTest {

  private static final double STEP = 1e-4;

  /** Losses whose value depends on rows, or on an importance, that the gradient takes as constants. */
  private static boolean stopsGradients(LossEntry entry) {
    return entry.name().startsWith("simsiam") || entry.name().equals("nnclr")
        || entry.formula().contains("alpha held fixed");
  }

  @Provide
  Arbitrary<LossEntry> differentiable() {
    return Arbitraries.of(Losses.catalogue().stream().filter(entry -> !stopsGradients(entry)).toList());
  }

  @Provide
  Arbitrary<LossEntry> backPropagated() {
    return Arbitraries.of(Losses.catalogue().stream()
        .filter(entry -> entry.parameters().stream().anyMatch(parameter -> parameter.name().equals("backprop")))
        .toList());
  }

  @Property(tries = 600, edgeCases = EdgeCasesMode.NONE)
  void directionalDerivatives(@ForAll TestBackend kind, @ForAll("differentiable") LossEntry entry,
      @ForAll @IntRange(min = 3, max = 9) int samples, @ForAll @IntRange(min = 2, max = 6) int outputs,
      @ForAll boolean twoViews, @ForAll @DoubleRange(min = .5, max = 1.5) double scale, @ForAll long seed) {
    Map<String, String> constants =
        entry.style() == LossStyle.ALPHA && twoViews ? Map.of("two-views", "true") : Map.of();
    check(kind, entry, constants, samples, outputs, scale, seed);
  }

  @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
  void directionalDerivativesThroughImportance(@ForAll TestBackend kind, @ForAll("backPropagated") LossEntry entry,
      @ForAll @IntRange(min = 3, max = 9) int samples, @ForAll @IntRange(min = 2, max = 6) int outputs,
      @ForAll boolean twoViews, @ForAll long seed) {
    check(kind, entry, Map.of("backprop", "true", "two-views", Boolean.toString(twoViews)), samples, outputs, 1, seed);
  }

  private static void check(TestBackend kind, LossEntry entry, Map<String, String> constants, int samples, int outputs,
      double scale, long seed) {
    try (Backend backend = kind.open();
        var arrangement = new LossArrangements(backend, entry, constants, samples, outputs, scale, seed)) {
      double[] x = arrangement.embeddings;
      var random = new Random(seed + 1);
      double[] v = random.doubles(x.length).map(_ -> random.nextGaussian()).toArray();
      var at = arrangement.evaluate(x);
      double numeric = derivative(arrangement, x, v, STEP);
      double size = Math.max(1, Math.max(Math.abs(at.value()), Math.abs(numeric)));
      // Only a kink between the points makes two formulas of fourth order differ so much.
      Assume.that(Math.abs(numeric - derivative(arrangement, x, v, STEP / 3)) <= 1e-7 * size);
      double analytic = LossArrangements.dot(at.gradient(), v);
      assertEquals(numeric, analytic, 2e-7 * size, entry.name() + " on " + kind);
    }
  }

  /** The derivative along v, of fourth order in the step. */
  private static double derivative(LossArrangements arrangement, double[] x, double[] v, double step) {
    double near = difference(arrangement, x, v, step) / (2 * step);
    double far = difference(arrangement, x, v, 2 * step) / (4 * step);
    return (4 * near - far) / 3;
  }

  private static double difference(LossArrangements arrangement, double[] x, double[] v, double step) {
    double after = arrangement.value(LossArrangements.moved(x, step, v));
    return after - arrangement.value(LossArrangements.moved(x, -step, v));
  }
}
