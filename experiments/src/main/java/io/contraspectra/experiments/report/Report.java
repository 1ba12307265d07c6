package io.contraspectra.experiments.report;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything a paper's reproduction has to say.
 *
 * @param name the experiment as {@code reproduce} knows it, for example {@code ntk-drift}
 * @param title one line
 * @param summary what the paper claims and what was run, paragraph by paragraph
 * @param claims the claims with their verdicts
 * @param tables numbers side by side
 * @param figures the plots
 * @param notes what a reader must know to judge it: honest limits, and what is missing if the run was cut short
 * @param settings every setting in order; values are text, numbers, booleans or lists of them
 * @param seed the seed that all random streams were split from
 * @param environment where it ran
 * @param elapsed how long it ran
 * @param rerun the command that repeats it
 */
public record Report(
    String name,
    String title,
    List<String> summary,
    List<Claim> claims,
    List<Table> tables,
    List<Figure> figures,
    List<String> notes,
    Map<String, Object> settings,
    long seed,
    Environment environment,
    Duration elapsed,
    String rerun) {

  /** Copies lists and settings, which keep their order. */
  public Report {
    summary = List.copyOf(summary);
    claims = List.copyOf(claims);
    tables = List.copyOf(tables);
    figures = List.copyOf(figures);
    notes = List.copyOf(notes);
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    settings.forEach(Report::check);
  }

  /** A report without tables. */
  public Report(String name, String title, List<String> summary, List<Claim> claims, List<Figure> figures,
      List<String> notes, Map<String, Object> settings, long seed, Environment environment, Duration elapsed,
      String rerun) {
    this(name, title, summary, claims, List.of(), figures, notes, settings, seed, environment, elapsed, rerun);
  }

  /** The verdict on the whole: all claims together. */
  public Verdict verdict() {
    return Verdict.allOf(claims.stream().map(Claim::verdict).toList());
  }

  private static void check(String key, Object value) {
    switch (value) {
      case String _, Number _, Boolean _ -> { }
      case List<?> list -> list.forEach(element -> check(key, element));
      default -> throw new IllegalArgumentException(
          "report: setting '" + key + "' is a " + value.getClass().getName() + "; it must be text, number or boolean");
    }
  }
}
