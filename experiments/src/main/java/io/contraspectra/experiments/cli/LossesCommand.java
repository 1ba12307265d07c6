package io.contraspectra.experiments.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.contraspectra.core.loss.Similarity;
import io.contraspectra.core.loss.TripletLoss;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code losses}: the catalogue. */
@Command(name = "losses", description = "List the losses: names, formulas, parameters, sources.")
final class LossesCommand extends AbstractCommand {

  private static final String SOURCE = "Anil, Esser, Ghoshdastidar 2024; ntk.md 1";
  private static final double DEFAULT_TAU = 1;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  @Override
  int execute() {
    List<TripletLoss> losses = TripletLoss.catalogue(DEFAULT_TAU);
    if (json) {
      var object = new JsonObject();
      var list = new JsonArray();
      losses.forEach(loss -> list.add(describe(loss)));
      object.add("losses", list);
      out().println(Json.text(object));
    } else {
      out().println("Triplets: --f --p --q, N x K each; sp = u.a, sq = u.b of anchor, positive, negative"
          + System.lineSeparator());
      losses.forEach(loss -> out().printf("%-14s %s%n%14s %s; %s%n", loss.name(), loss.form().formula(), "",
          parameters(loss), similarity(loss)));
      out().println(System.lineSeparator() + "Source: " + SOURCE);
    }
    return ExitCodes.DONE;
  }

  private static JsonObject describe(TripletLoss loss) {
    var object = new JsonObject();
    object.addProperty("name", loss.name());
    object.addProperty("style", "triplets");
    object.addProperty("formula", loss.form().formula());
    object.addProperty("similarity", similarity(loss));
    var parameters = new JsonObject();
    if (loss.form().isTempered()) {
      parameters.addProperty("tau", DEFAULT_TAU);
    }
    object.add("parameters", parameters);
    object.addProperty("source", SOURCE);
    return object;
  }

  private static String parameters(TripletLoss loss) {
    return loss.form().isTempered() ? "tau (default 1)" : "no parameters";
  }

  private static String similarity(TripletLoss loss) {
    return loss.similarity() == Similarity.COS ? "rows divided by their norms" : "rows as they are";
  }
}
