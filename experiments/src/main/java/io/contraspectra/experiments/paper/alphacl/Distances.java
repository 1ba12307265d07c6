package io.contraspectra.experiments.paper.alphacl;

/** How far numbers are from what they should be. */
final class Distances {

  private Distances() {}

  /** The largest difference over the largest expected magnitude; 0 where nothing differs. */
  static double relative(double[] expected, double[] actual) {
    double largest = 0;
    double difference = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
    }
    return difference == 0 ? 0 : difference / largest;
  }
}
