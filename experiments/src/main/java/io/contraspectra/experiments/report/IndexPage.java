package io.contraspectra.experiments.report;

import io.contraspectra.core.data.AtomicFile;
import io.contraspectra.core.data.IfExists;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** {@code index.html}: several reports at a glance, each in a folder of its own beside the page. */
public final class IndexPage {

  private static final String PAGE = "index.html";

  private IndexPage() {}

  /**
   * Throws what {@link #write} would throw, before a long run.
   *
   * @throws io.contraspectra.core.matrix.InvalidArgument if the page exists and may not be replaced
   */
  public static void checkWritable(Path directory, boolean force) {
    if (Files.exists(directory)) {
      AtomicFile.checkWritable(directory.resolve(PAGE), ifExists(force));
    }
  }

  /**
   * Writes the page.
   *
   * @param reports each lies in the folder of its name
   * @param directory created if it does not exist
   * @return the page
   */
  public static Path write(List<Report> reports, Path directory, boolean force) {
    Path page = directory.resolve(PAGE);
    ReportWriter.create(directory);
    AtomicFile.write(page, ifExists(force), out -> out.write(html(reports).getBytes(StandardCharsets.UTF_8)));
    return page;
  }

  private static String html(List<Report> reports) {
    var page = new Markup();
    PageHead.open(page, "The papers' claims");
    page.element("p", "ContraSpectra · reproduce all", "class", "eyebrow").element("h1", "The papers' claims")
        .open("p", "class", "headline");
    PageHead.verdict(page, Verdict.allOf(reports.stream().map(Report::verdict).toList()));
    page.text(" · " + reports.size() + (reports.size() == 1 ? " experiment" : " experiments")).close();
    page.open("table", "class", "cards").open("thead").open("tr");
    List.of("Experiment", "What it is about", "Claims", "Verdict")
        .forEach(title -> page.element("th", title, "scope", "col"));
    page.close().close().open("tbody");
    reports.forEach(report -> row(page, report));
    return page.close().close().close().close().toString();
  }

  private static void row(Markup page, Report report) {
    page.open("tr").open("th", "scope", "row")
        .element("a", report.name(), "href", report.name() + "/" + ReportWriter.PAGE).close()
        .element("td", report.title())
        .element("td", claims(report))
        .open("td");
    PageHead.verdict(page, report.verdict());
    page.close().close();
  }

  private static String claims(Report report) {
    long held = report.claims().stream().filter(claim -> claim.verdict() == Verdict.HOLDS).count();
    String others = report.claims().stream().filter(claim -> claim.verdict() != Verdict.HOLDS)
        .map(claim -> claim.id() + " " + claim.verdict()).collect(Collectors.joining(", "));
    return held + " of " + report.claims().size() + " held" + (others.isEmpty() ? "" : "; " + others);
  }

  private static IfExists ifExists(boolean force) {
    return force ? IfExists.REPLACE : IfExists.REFUSE;
  }
}
