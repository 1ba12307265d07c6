package io.contraspectra.experiments.report;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.DoubleStream;

/**
 * The whole report for programs. JSON has no infinity and no NaN, so those numbers are the strings {@code "Infinity"},
 * {@code "-Infinity"} and {@code "NaN"}, which most languages parse to what they mean.
 */
public final class ResultsJson {
  private ResultsJson() {}

  /** The JSON text, one object. */
  public static String of(Report report) {
    return text(tree(report));
  }

  /** Several reports as one object, with one entry for each in {@code experiments}. */
  public static String of(List<Report> reports) {
    var json = new JsonObject();
    json.addProperty("verdict", Verdict.allOf(reports.stream().map(Report::verdict).toList()).toString());
    json.add("experiments", array(reports, ResultsJson::tree));
    return text(json);
  }

  private static String text(JsonObject json) {
    return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create().toJson(json) + "\n";
  }

  private static JsonObject tree(Report report) {
    var environment = report.environment();
    var json = new JsonObject();
    json.addProperty("experiment", report.name());
    json.addProperty("title", report.title());
    json.addProperty("verdict", report.verdict().toString());
    json.addProperty("version", environment.version());
    json.addProperty("seed", report.seed());
    json.addProperty("backend", environment.backend());
    json.add("hardware", hardware(environment));
    json.addProperty("jdk", environment.jdk());
    json.addProperty("elapsed_seconds", report.elapsed().toMillis() / 1e3);
    json.addProperty("rerun", report.rerun());
    var settings = new JsonObject();
    report.settings().forEach((name, value) -> settings.add(name, setting(value)));
    json.add("settings", settings);
    json.add("summary", array(report.summary(), JsonPrimitive::new));
    json.add("notes", array(report.notes(), JsonPrimitive::new));
    json.add("claims", array(report.claims(), ResultsJson::claim));
    json.add("tables", array(report.tables(), ResultsJson::table));
    json.add("figures", array(report.figures(), ResultsJson::figure));
    return json;
  }

  private static JsonObject hardware(Environment environment) {
    var json = new JsonObject();
    json.addProperty("cpu", environment.cpu());
    json.addProperty("processors", environment.processors());
    json.addProperty("heap_bytes", environment.memoryBytes());
    json.addProperty("system", environment.system());
    return json;
  }

  private static JsonElement setting(Object value) {
    return switch (value) {
      case Boolean truth -> new JsonPrimitive(truth);
      case Double number -> number(number);
      case Float number -> number(number);
      case Number number -> new JsonPrimitive(number);
      case List<?> list -> array(list, ResultsJson::setting);
      default -> new JsonPrimitive(value.toString());
    };
  }

  private static JsonObject claim(Claim claim) {
    var json = new JsonObject();
    json.addProperty("id", claim.id());
    json.addProperty("statement", claim.statement());
    json.add("measurements", array(claim.measurements(), ResultsJson::measurement));
    json.addProperty("threshold", claim.threshold());
    json.addProperty("verdict", claim.verdict().toString());
    return json;
  }

  private static JsonObject measurement(Measurement measurement) {
    var json = new JsonObject();
    json.addProperty("quantity", measurement.quantity());
    json.add("value", number(measurement.value()));
    json.add("by_seed", array(measurement.bySeed(), ResultsJson::number));
    return json;
  }

  private static JsonObject table(Table table) {
    var json = new JsonObject();
    json.addProperty("name", table.name());
    json.addProperty("title", table.title());
    json.addProperty("caption", table.caption());
    json.add("columns", array(table.columns(), JsonPrimitive::new));
    json.add("rows", array(table.rows(), ResultsJson::row));
    return json;
  }

  private static JsonObject row(Table.Row row) {
    var json = new JsonObject();
    json.addProperty("label", row.label());
    json.add("cells", array(row.cells(), ResultsJson::measurement));
    return json;
  }

  private static JsonObject figure(Figure figure) {
    var json = new JsonObject();
    json.addProperty("name", figure.name());
    json.addProperty("title", figure.title());
    json.addProperty("caption", figure.caption());
    json.add("x", axis(figure.x()));
    json.add("y", axis(figure.y()));
    json.add("series", array(figure.series(), ResultsJson::series));
    return json;
  }

  private static JsonObject axis(Axis axis) {
    var json = new JsonObject();
    json.addProperty("label", axis.label());
    json.addProperty("unit", axis.unit());
    json.addProperty("scale", axis.scale().name().toLowerCase(Locale.ROOT));
    return json;
  }

  private static JsonObject series(Series series) {
    var json = new JsonObject();
    json.addProperty("name", series.name());
    json.addProperty("style", series.style().name().toLowerCase(Locale.ROOT));
    series.fit().ifPresent(fit -> json.add("fit", fit(fit)));
    json.add("x", numbers(series.points().stream().mapToDouble(Point::x)));
    json.add("y", numbers(series.points().stream().mapToDouble(Point::y)));
    json.add("low", numbers(series.points().stream().mapToDouble(Point::low)));
    json.add("high", numbers(series.points().stream().mapToDouble(Point::high)));
    return json;
  }

  private static JsonObject fit(Fit fit) {
    var json = new JsonObject();
    json.add("slope", number(fit.slope()));
    json.add("intercept", number(fit.intercept()));
    return json;
  }

  private static JsonArray numbers(DoubleStream values) {
    return array(values.boxed().toList(), ResultsJson::number);
  }

  private static JsonPrimitive number(double value) {
    return Double.isFinite(value) ? new JsonPrimitive(value) : new JsonPrimitive(Double.toString(value));
  }

  private static <T> JsonArray array(Collection<? extends T> elements, Function<? super T, JsonElement> json) {
    var array = new JsonArray();
    elements.forEach(element -> array.add(json.apply(element)));
    return array;
  }
}
