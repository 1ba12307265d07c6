package io.contraspectra.experiments.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class ReportHtmlTest {
  private final Figure figure = Examples.figure(Examples.law(), Examples.diverging());
  private final Report report = Examples.report(figure);

  @Test
  void isWellFormedAndSaysEverything() throws Exception {
    String html = ReportHtml.of(report, Map.of(figure.name(), FigureRenderer.render(figure)));
    Document page = Xml.parse(html);
    String text = page.getDocumentElement().getTextContent();
    for (Claim claim : report.claims()) {
      assertTrue(text.contains(claim.id()), claim.id());
      assertTrue(text.contains(claim.statement()), claim.statement());
      assertTrue(text.contains(claim.threshold()), claim.threshold());
      claim.measurements().forEach(measurement -> assertTrue(text.contains(measurement.toString())));
    }
    report.summary().forEach(paragraph -> assertTrue(text.contains(paragraph), paragraph));
    report.notes().forEach(note -> assertTrue(text.contains(note), note));
    for (Table table : report.tables()) {
      assertTrue(text.contains(table.title()) && text.contains(table.caption()), table.name());
      table.columns().forEach(column -> assertTrue(text.contains(column), column));
      table.rows().forEach(row -> assertTrue(text.contains(row.label()), row.label()));
    }
    assertTrue(text.contains("96.2 [95, 97]"), text);
    report.settings().keySet().forEach(name -> assertTrue(text.contains(name), name));
    assertTrue(text.contains(figure.caption()));
    assertTrue(text.contains("dot-linear (all 4 points: infinite)"));
    assertTrue(text.contains(report.rerun()));
    assertTrue(text.contains("1 of 3 claims held, 1 fails, 1 inconclusive"));
    assertEquals(1, page.getElementsByTagName("svg").getLength());
  }

  @Test
  void needsNothingFromElsewhere() {
    String html = ReportHtml.of(report, Map.of(figure.name(), FigureRenderer.render(figure)));
    for (String reference : List.of("<link", "<script", "src=", "@import", "url(http")) {
      assertFalse(html.contains(reference), reference);
    }
  }

  @Test
  void saysThatAFigureIsMissing() throws Exception {
    Document page = Xml.parse(ReportHtml.of(report, Map.of()));
    assertTrue(page.getDocumentElement().getTextContent().contains("This figure could not be drawn"));
    assertEquals(0, page.getElementsByTagName("svg").getLength());
  }

  @Test
  void replacesWhatXmlCannotContain() throws Exception {
    String text = "a\u0000b \u001b[31m \ud800 <&>\" \ud83d\ude00";
    String markup = new Markup().element("p", text, "title", "\"<&>").toString();
    var paragraph = Xml.parse(markup).getDocumentElement();
    assertEquals("a\ufffdb \ufffd[31m \ufffd <&>\" \ud83d\ude00", paragraph.getTextContent());
    assertEquals("\"<&>", paragraph.getAttribute("title"));
  }
}
