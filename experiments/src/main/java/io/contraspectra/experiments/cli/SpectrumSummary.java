package io.contraspectra.experiments.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.contraspectra.core.operator.EigenPairs;
import java.util.Arrays;
import java.util.Locale;

/**
 * What {@code spectrum} has to say about its result.
 *
 * @param form how the matrix was held, and why
 * @param backend name
 * @param file where the pairs were written, or empty
 */
record SpectrumSummary(
    SpectrumMethod method, String form, EigenPairs pairs, double seconds, String backend, String file) {

  private static final int SHOWN = 10;

  String text(boolean json) {
    return json ? Json.text(object()) : plain();
  }

  private JsonObject object() {
    var values = new JsonArray();
    Arrays.stream(pairs.values().toArray()).limit(SHOWN).forEach(value -> values.add(Json.number(value)));
    var object = new JsonObject();
    object.addProperty("size", pairs.vectors().cols());
    object.addProperty("count", pairs.values().cols());
    object.add("values", values);
    object.add("worst_residual", Json.number(pairs.worstResidual()));
    object.addProperty("method", lower(method));
    object.addProperty("form", form);
    object.add("seconds", Json.number(seconds));
    object.addProperty("backend", backend);
    object.addProperty("dtype", lower(pairs.values().dtype()));
    return object;
  }

  private String plain() {
    double[] values = pairs.values().toArray();
    return String.format(Locale.ROOT, "spectrum: %d of %d pairs, %s on %s (%s): %.3g s, residuals up to %.1e%nvalues %s",
        values.length, pairs.vectors().cols(), lower(method), backend, form, seconds, pairs.worstResidual(),
        shown(values)) + (file.isEmpty() ? "" : ", written to " + file);
  }

  private static String shown(double[] values) {
    var text = new StringBuilder();
    for (int i = 0; i < Math.min(SHOWN, values.length); i++) {
      text.append(i == 0 ? "" : " ").append(String.format(Locale.ROOT, "%.6g", values[i]));
    }
    return text.append(values.length > SHOWN ? " …" : "").toString();
  }

  private static String lower(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }
}
