package io.contraspectra.experiments.report;

import java.util.List;

/**
 * The claims with their verdicts, one row a claim. Columns:
 * <ul>
 *   <li>{@code id}, {@code statement}: as in the report;
 *   <li>{@code quantity}, {@code value}: the first measurement that decides the claim, every digit;
 *   <li>{@code low}, {@code high}: its range over seeds; empty if it exists only over all seeds;
 *   <li>{@code measured}: all measurements, as text for people;
 *   <li>{@code threshold}: what the measurements must satisfy;
 *   <li>{@code verdict}: {@code holds}, {@code FAILS} or {@code inconclusive}.
 * </ul>
 */
final class ClaimsCsv {
  private static final List<String> HEADER =
      List.of("id", "statement", "quantity", "value", "low", "high", "measured", "threshold", "verdict");

  private ClaimsCsv() {}

  static String of(List<Claim> claims) {
    return Csv.of(HEADER, claims.stream().map(ClaimsCsv::row));
  }

  private static List<String> row(Claim claim) {
    var first = claim.measurements().stream().findFirst();
    var spread = first.filter(measurement -> !measurement.bySeed().isEmpty());
    return List.of(claim.id(), claim.statement(),
        first.map(Measurement::quantity).orElse(""),
        first.map(measurement -> Double.toString(measurement.value())).orElse(""),
        spread.map(measurement -> Double.toString(measurement.low())).orElse(""),
        spread.map(measurement -> Double.toString(measurement.high())).orElse(""),
        claim.measuredText(), claim.threshold(), claim.verdict().toString());
  }
}
