package io.contraspectra.core.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import io.contraspectra.core.backend.UnaryFunction;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Functions on tiles against their scalar definitions. */
class TileFunctionsTest {

  private static final double ULPS = 4;
  private static final double SMALLEST_PRECISE = 64 * Double.MIN_NORMAL;
  private static final double[] SPECIAL = {
      0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE, -Double.MIN_VALUE,
      Double.MAX_VALUE, -Double.MAX_VALUE, 1, -1, 0.5, -0.5, 39, -39, 1e-160, -1e-160};

  private final TileFunctions functions = new TileFunctions();

  @ParameterizedTest
  @EnumSource
  void agreesWithTheScalarDefinition(UnaryFunction f) {
    var random = RandomGenerator.of("L64X128MixRandom");
    var points = Stream.of(
        DoubleStream.of(SPECIAL),
        random.doubles(20_000, -8, 8),
        random.doubles(20_000, -760, 760),
        random.doubles(20_000, -40, 1),
        random.doubles(20_000, -50, 50).map(x -> Math.copySign(Math.pow(2, x), random.nextDouble() - 0.5)))
        .flatMapToDouble(s -> s);
    check(f, points.toArray());
  }

  private void check(UnaryFunction f, double[] points) {
    for (int from = 0; from < points.length; from += TileFunctions.LENGTH) {
      double[] x = Arrays.copyOfRange(points, from, Math.min(points.length, from + TileFunctions.LENGTH));
      double[] actual = apply(f, x);
      for (int i = 0; i < x.length; i++) {
        double expected = f.at(x[i]);
        if (!near(f, x[i], expected, actual[i])) {
          fail(f + "(" + x[i] + ") is " + expected + ", got " + actual[i]);
        }
      }
    }
  }

  private static boolean near(UnaryFunction f, double x, double expected, double actual) {
    if (!Double.isFinite(expected)) {
      return Double.compare(expected, actual) == 0;
    }
    // Between two terms of that size the derivative of gelu cancels around its zero at -0.75.
    double terms = f == UnaryFunction.GELU_DERIVATIVE && x > -2 && x < 0 ? 0.25 : Math.abs(expected);
    // A density below the normal numbers has fewer bits than the product that it goes into.
    return Math.abs(expected - actual) <= ULPS * Math.ulp(Math.max(terms, SMALLEST_PRECISE));
  }

  @ParameterizedTest
  @EnumSource
  void bitsDependOnTheElementOnly(UnaryFunction f) {
    double[] x = RandomGenerator.of("L64X128MixRandom").doubles(67, -5, 5).toArray();
    double[] all = apply(f, x);
    for (int n = 0; n <= x.length; n++) {
      double[] tail = apply(f, Arrays.copyOfRange(x, x.length - n, x.length));
      for (int i = 0; i < n; i++) {
        assertEquals(all[x.length - n + i], tail[i]);
      }
    }
  }

  private double[] apply(UnaryFunction f, double[] x) {
    System.arraycopy(x, 0, functions.tile(), 0, x.length);
    functions.apply(f, x.length);
    return Arrays.copyOf(functions.tile(), x.length);
  }
}
