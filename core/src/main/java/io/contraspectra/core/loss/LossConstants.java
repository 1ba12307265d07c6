package io.contraspectra.core.loss;

import io.contraspectra.core.matrix.InvalidArgument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The constants of one loss by name: given values where there are any, defaults elsewhere. */
final class LossConstants {

  private final Map<String, Double> values = new HashMap<>();

  /**
   * Checks what was given and fills in the rest.
   *
   * @throws InvalidArgument for a name that the loss does not know, a value outside its domain, or a missing one
   */
  LossConstants(String loss, List<LossParameter> parameters, Map<String, String> given) {
    List<String> known = parameters.stream().map(LossParameter::name).toList();
    for (String name : given.keySet()) {
      if (known.isEmpty()) {
        throw new InvalidArgument(loss + " has no parameters, so '" + name + "' means nothing to it; leave it out");
      }
      if (!known.contains(name)) {
        throw InvalidArgument.unknown("parameter of " + loss, name, known);
      }
    }
    var missing = new ArrayList<String>();
    for (LossParameter parameter : parameters) {
      String text = given.get(parameter.name());
      if (text != null) {
        values.put(parameter.name(), parameter.parse(text));
      } else if (parameter.defaultValue().isPresent()) {
        values.put(parameter.name(), parameter.defaultValue().getAsDouble());
      } else {
        missing.add(parameter.name());
      }
    }
    if (!missing.isEmpty()) {
      throw new InvalidArgument(loss + " has no default for " + String.join(", ", missing) + "; give "
          + String.join(" ", missing.stream().map(name -> "--param " + name + "=VALUE").toList()));
    }
  }

  double number(String name) {
    return values.get(name);
  }

  boolean flag(String name) {
    return number(name) == 1;
  }
}
