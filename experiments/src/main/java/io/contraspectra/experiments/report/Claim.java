package io.contraspectra.experiments.report;

import static java.util.stream.Collectors.joining;

import java.util.List;

/**
 * Something a paper says, what was measured about it, and what follows.
 *
 * @param id page and gate, for example {@code ntk:G1}
 * @param statement the claim in plain words
 * @param measurements the numbers that decide it
 * @param threshold what they must satisfy, for example {@code slope <= -0.60, mean D(4096) <= 0.015}
 * @param verdict whether they do
 */
public record Claim(String id, String statement, List<Measurement> measurements, String threshold, Verdict verdict) {
  /** Copies the list. */
  public Claim {
    measurements = List.copyOf(measurements);
  }

  /** The measured values with their spread over seeds, in one line. */
  public String measuredText() {
    return measurements.stream().map(Measurement::toString).collect(joining("; "));
  }
}
