package io.contraspectra.core.data;

import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How an archive names the arrays of its layers. */
enum LayerNames {
  /** This library's own: W1, b1, W2, b2, … */
  NUMBERED("W%d", "b%d"),
  /** A PyTorch module's state: 0.weight, 0.bias, 2.weight, 2.bias, … */
  STATE_DICT("%d.weight", "%d.bias");

  private final String weight;
  private final String bias;

  LayerNames(String weight, String bias) {
    this.weight = weight;
    this.bias = bias;
  }

  String weight(int number) {
    return weight.formatted(number);
  }

  String bias(int number) {
    return bias.formatted(number);
  }

  /** Numbers of the weights among these names, in order. */
  SortedSet<Integer> weights(Collection<String> names) {
    return numbers(weight, names);
  }

  /** Numbers of the biases among these names, in order. */
  SortedSet<Integer> biases(Collection<String> names) {
    return numbers(bias, names);
  }

  private static SortedSet<Integer> numbers(String format, Collection<String> names) {
    var pattern = Pattern.compile(format.replace(".", "\\.").replace("%d", "(0|[1-9][0-9]{0,8})"));
    var numbers = new TreeSet<Integer>();
    for (String name : names) {
      Matcher matcher = pattern.matcher(name);
      if (matcher.matches()) {
        numbers.add(Integer.valueOf(matcher.group(1)));
      }
    }
    return numbers;
  }
}
