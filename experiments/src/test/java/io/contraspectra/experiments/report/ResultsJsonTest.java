package io.contraspectra.experiments.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import org.junit.jupiter.api.Test;

class ResultsJsonTest {
  private final JsonObject json = JsonParser.parseString(
      ResultsJson.of(Examples.report(Examples.figure(Examples.law(), Examples.diverging())))).getAsJsonObject();

  @Test
  void recordsWhereAndHowItRan() {
    assertEquals("0.1.0", json.get("version").getAsString());
    assertEquals(7, json.get("seed").getAsLong());
    assertEquals("cpu (2 threads), f64", json.get("backend").getAsString());
    assertEquals("Some CPU", json.getAsJsonObject("hardware").get("cpu").getAsString());
    assertEquals("Vendor 25", json.get("jdk").getAsString());
    assertEquals(73.21, json.get("elapsed_seconds").getAsDouble());
    JsonObject settings = json.getAsJsonObject("settings");
    assertEquals(256, settings.getAsJsonArray("widths").get(1).getAsInt());
    assertEquals(0.5, settings.get("step-size").getAsDouble());
    assertTrue(settings.get("quick").getAsBoolean());
    assertEquals("a<b", settings.get("data").getAsString());
  }

  @Test
  void writesNumbersThatJsonLacksAsStrings() {
    assertEquals("Infinity", json.getAsJsonObject("settings").get("limit").getAsString());
    var measurements = json.getAsJsonArray("claims").get(1).getAsJsonObject().getAsJsonArray("measurements");
    assertEquals("Infinity", measurements.get(0).getAsJsonObject().get("value").getAsString());
    assertEquals("NaN", measurements.get(1).getAsJsonObject().get("value").getAsString());
  }

  @Test
  void writesClaimsAndFigures() {
    JsonObject claim = json.getAsJsonArray("claims").get(0).getAsJsonObject();
    assertEquals("Cosine: \"lazy\" & <wide>", claim.get("statement").getAsString());
    assertEquals("holds", claim.get("verdict").getAsString());
    assertEquals(-0.742, claim.getAsJsonArray("measurements").get(0).getAsJsonObject().getAsJsonArray("by_seed").get(1)
        .getAsDouble());
    assertEquals("FAILS", json.get("verdict").getAsString());
    JsonObject figure = json.getAsJsonArray("figures").get(0).getAsJsonObject();
    assertEquals("log", figure.getAsJsonObject("x").get("scale").getAsString());
    JsonObject law = figure.getAsJsonArray("series").get(0).getAsJsonObject();
    assertEquals(-0.75, law.getAsJsonObject("fit").get("slope").getAsDouble(), 1e-12);
    assertEquals(4096, law.getAsJsonArray("x").get(3).getAsDouble());
  }

  @Test
  void writesTables() {
    JsonObject table = json.getAsJsonArray("tables").get(0).getAsJsonObject();
    assertEquals("accuracy (%)", table.getAsJsonArray("columns").get(0).getAsString());
    JsonObject row = table.getAsJsonArray("rows").get(0).getAsJsonObject();
    assertEquals("InfoNCE", row.get("label").getAsString());
    assertEquals(96.2, row.getAsJsonArray("cells").get(0).getAsJsonObject().get("value").getAsDouble());
  }
}
