package io.contraspectra.experiments.report;

import static java.util.stream.Collectors.joining;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The report as one page that needs no other file: for screens of any size and colour scheme, and for paper. */
final class ReportHtml {
  private final Report report;
  private final Map<String, RenderedFigure> pictures;
  private final Markup page = new Markup();

  private ReportHtml(Report report, Map<String, RenderedFigure> pictures) {
    this.report = report;
    this.pictures = pictures;
  }

  /**
   * The page.
   *
   * @param pictures by the figure's name; a figure without one is named with its numbers' file instead
   */
  static String of(Report report, Map<String, RenderedFigure> pictures) {
    return new ReportHtml(report, pictures).write();
  }

  private String write() {
    PageHead.open(page, report.title());
    header();
    section("What the paper says, and what was run");
    report.summary().forEach(paragraph -> page.element("p", paragraph));
    claims();
    notes();
    tables();
    figures();
    settings();
    environment();
    section("Run it again");
    page.open("pre").element("code", report.rerun()).close();
    page.element("footer", "ContraSpectra " + report.environment().version() + " · results.json, claims.csv"
        + " and one CSV a table and figure beside this page hold the same numbers with all digits.");
    return page.close().close().toString();
  }

  private void header() {
    page.element("p", "ContraSpectra · reproduce " + report.name(), "class", "eyebrow")
        .element("h1", report.title())
        .open("p", "class", "headline");
    PageHead.verdict(page, report.verdict());
    page.text(" · " + verdictSummary()).close();
  }

  private String verdictSummary() {
    if (report.claims().isEmpty()) {
      return "no claim was judged";
    }
    long held = count(Verdict.HOLDS);
    String others = Stream.of(Verdict.FAILS, Verdict.INCONCLUSIVE)
        .filter(verdict -> count(verdict) > 0)
        .map(verdict -> ", " + count(verdict) + " " + verdict.toString().toLowerCase(Locale.ROOT))
        .collect(joining());
    return held + " of " + report.claims().size() + (report.claims().size() == 1 ? " claim" : " claims") + " held"
        + others;
  }

  private long count(Verdict verdict) {
    return report.claims().stream().filter(claim -> claim.verdict() == verdict).count();
  }

  private void claims() {
    if (report.claims().isEmpty()) {
      return;
    }
    section("Verdicts");
    page.open("div", "class", "scroll", "tabindex", "0").open("table", "class", "claims cards")
        .open("thead").open("tr");
    List.of("Claim", "Statement", "Measured [range over seeds]", "Threshold", "Verdict")
        .forEach(title -> page.element("th", title, "scope", "col"));
    page.close().close().open("tbody");
    report.claims().forEach(this::claim);
    page.close().close().close();
  }

  private void claim(Claim claim) {
    page.open("tr").element("th", claim.id(), "scope", "row").element("td", claim.statement());
    page.open("td").open("ul", "class", "measured");
    for (Measurement measurement : claim.measurements()) {
      page.open("li").text(measurement.quantity() + " ")
          .element("span", measurement.valueText(), "class", "value").close();
    }
    page.close().close().element("td", claim.threshold()).open("td");
    PageHead.verdict(page, claim.verdict());
    page.close().close();
  }

  private void notes() {
    if (!report.notes().isEmpty()) {
      section("To judge it fairly");
      page.open("ul");
      report.notes().forEach(note -> page.element("li", note));
      page.close();
    }
  }

  private void tables() {
    for (Table table : report.tables()) {
      section(table.title());
      page.element("p", table.caption());
      page.open("div", "class", "scroll", "tabindex", "0").open("table").open("thead").open("tr").element("td", "");
      table.columns().forEach(column -> page.element("th", column, "scope", "col"));
      page.close().close().open("tbody");
      for (Table.Row row : table.rows()) {
        page.open("tr").element("th", row.label(), "scope", "row");
        row.cells().forEach(cell -> page.open("td").element("span", cell.valueText(), "class", "value").close());
        page.close();
      }
      page.close().close().close();
      page.open("p", "class", "note").text("Numbers: ").element("code", table.name() + ".csv").close();
    }
  }

  private void figures() {
    if (!report.figures().isEmpty()) {
      section("Figures");
      report.figures().forEach(this::figure);
    }
  }

  private void figure(Figure figure) {
    page.open("figure");
    Optional.ofNullable(pictures.get(figure.name())).ifPresentOrElse(
        picture -> page.open("div", "class", "plot", "tabindex", "0", "role", "img", "aria-label", figure.title())
            .raw(Svg.element(picture.svg())).close(),
        () -> page.element("h3", figure.title())
            .element("p", "This figure could not be drawn on the machine that made the report.", "class", "note"));
    page.open("figcaption").element("p", figure.caption());
    FigureNotes.of(figure).ifPresent(note -> page.element("p", note, "class", "note"));
    page.open("p", "class", "note").text("Numbers: ").element("code", figure.name() + ".csv").close()
        .close().close();
  }

  private void settings() {
    section("Settings");
    page.open("div", "class", "scroll", "tabindex", "0").open("table").open("tbody");
    row("seed", Long.toString(report.seed()));
    report.settings().forEach((name, value) -> row(name, text(value)));
    page.close().close().close();
  }

  private void environment() {
    var environment = report.environment();
    section("Environment");
    page.open("div", "class", "scroll", "tabindex", "0").open("table").open("tbody");
    row("ContraSpectra", environment.version());
    row("backend", environment.backend());
    row("processor", environment.cpu() + ", " + environment.processors() + " available");
    row("largest heap", String.format(Locale.ROOT, "%.1f GiB", environment.memoryBytes() / 0x1p30));
    row("system", environment.system());
    row("JDK", environment.jdk());
    row("elapsed", text(report.elapsed()));
    page.close().close().close();
  }

  private void row(String name, String value) {
    page.open("tr").element("th", name, "scope", "row").element("td", value).close();
  }

  private void section(String title) {
    page.element("h2", title);
  }

  private static String text(Object setting) {
    return setting instanceof List<?> list
        ? list.stream().map(ReportHtml::text).collect(joining(", "))
        : setting.toString();
  }

  private static String text(Duration elapsed) {
    return elapsed.toMinutes() > 0
        ? elapsed.toMinutes() + " min " + elapsed.toSecondsPart() + " s"
        : String.format(Locale.ROOT, "%.1f s", elapsed.toMillis() / 1e3);
  }
}
