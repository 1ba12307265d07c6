package io.contraspectra.experiments.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.contraspectra.core.loss.LossEntry;
import io.contraspectra.core.loss.LossParameter;
import io.contraspectra.core.loss.LossStyle;
import io.contraspectra.core.loss.Losses;
import io.contraspectra.core.loss.SideArray;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code losses}: the catalogue. */
@Command(name = "losses", description = "List the losses: names, formulas, parameters, sources.")
final class LossesCommand extends AbstractCommand {

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  int execute() {
    if (json) {
      var list = new JsonArray();
      Losses.catalogue().forEach(entry -> list.add(describe(entry)));
      var object = new JsonObject();
      object.add("losses", list);
      out().println(Json.text(object));
    } else {
      for (LossStyle style : LossStyle.values()) {
        out().println(style.label() + ": --" + String.join(" --", style.arrays()) + ", N x K each -> "
            + String.join(" ", style.gradients()));
        Losses.catalogue().stream().filter(entry -> entry.style() == style).forEach(this::print);
        out().println();
      }
    }
    return ExitCodes.DONE;
  }

  private void print(LossEntry entry) {
    out().printf("  %-26s %s%n", entry.name(), entry.formula());
    out().printf("  %-26s %s; %s%n", "", parameters(entry), entry.source());
  }

  private static String parameters(LossEntry entry) {
    String text = entry.parameters().isEmpty() ? "no parameters" : entry.parameters().stream()
        .map(LossesCommand::describe)
        .collect(Collectors.joining(", "));
    return text + entry.arrays().stream().sorted()
        .map(array -> ", --" + array.label())
        .collect(Collectors.joining());
  }

  private static String describe(LossParameter parameter) {
    return parameter.defaultValue().isPresent()
        ? parameter.name() + " = " + parameter.text(parameter.defaultValue().getAsDouble())
        : parameter.name() + " (required)";
  }

  private static JsonObject describe(LossEntry entry) {
    var object = new JsonObject();
    object.addProperty("name", entry.name());
    object.addProperty("style", entry.style().label());
    object.addProperty("formula", entry.formula());
    var parameters = new JsonObject();
    entry.parameters().forEach(parameter -> parameters.add(parameter.name(), defaultValue(parameter)));
    object.add("parameters", parameters);
    var arrays = new JsonArray();
    entry.style().arrays().forEach(arrays::add);
    entry.arrays().stream().sorted().map(SideArray::label).forEach(arrays::add);
    object.add("arrays", arrays);
    object.addProperty("source", entry.source());
    return object;
  }

  /** {@code null} where a value must be given. */
  private static JsonElement defaultValue(LossParameter parameter) {
    if (parameter.defaultValue().isEmpty()) {
      return JsonNull.INSTANCE;
    }
    double value = parameter.defaultValue().getAsDouble();
    return parameter.domain() == LossParameter.Domain.FLAG ? new JsonPrimitive(value == 1) : Json.number(value);
  }
}
