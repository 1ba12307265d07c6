package io.contraspectra.experiments.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;

/** JSON text. Numbers that JSON has no word for become {@code "NaN"}, {@code "Infinity"} and {@code "-Infinity"}. */
final class Json {

  private static final Gson PRETTY = new GsonBuilder().disableHtmlEscaping().serializeNulls().setPrettyPrinting().create();

  private Json() {}

  static String text(JsonElement element) {
    return PRETTY.toJson(element);
  }

  static JsonPrimitive number(double value) {
    return Double.isFinite(value) ? new JsonPrimitive(value) : new JsonPrimitive(Double.toString(value));
  }
}
