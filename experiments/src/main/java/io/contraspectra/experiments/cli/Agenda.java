package io.contraspectra.experiments.cli;

import java.util.List;

/**
 * Several experiments one after the other, and how long those that are still to come will take: as long as they are
 * known to, times how much slower or faster than known the finished ones were here. One thread at a time.
 */
final class Agenda {

  private final List<Double> expected;
  private int current = -1;
  private double spent;
  private double known;

  /** Experiments by the seconds that each is known to take. */
  Agenda(List<Double> expected) {
    this.expected = List.copyOf(expected);
  }

  /** The next experiment begins. */
  void next() {
    current++;
  }

  /**
   * The current experiment has ended.
   *
   * @param whole whether all of it was run, and nothing taken over from an earlier run
   */
  void finish(double seconds, boolean whole) {
    if (whole) {
      spent += seconds;
      known += expected.get(current);
    }
  }

  /** Whether there is more than one. */
  boolean isLong() {
    return expected.size() > 1;
  }

  /** Which one it is, of how many. */
  String position() {
    return (current + 1) + "/" + expected.size();
  }

  /** Seconds for all that come after the current one. */
  double later() {
    double pace = known > 0 ? spent / known : 1;
    return pace * expected.subList(current + 1, expected.size()).stream().mapToDouble(Double::doubleValue).sum();
  }
}
