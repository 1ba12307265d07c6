package io.contraspectra.experiments.paper;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * Named quantities, each with one value a seed: what the studies of an experiment found and its gates are judged by.
 * Studies of one seed write a {@link Sheet}; sheets are gathered in the order of their seeds.
 */
public final class Measured {

  /** What was measured for one seed. One thread. */
  public static final class Sheet {

    private final SequencedMap<String, Double> values = new LinkedHashMap<>();

    /** An empty sheet. */
    public Sheet() {}

    /** Records a quantity, which must be new. */
    public void put(String quantity, double value) {
      if (values.put(quantity, value) != null) {
        throw new IllegalStateException("measured twice: " + quantity);
      }
    }

    /** Records the largest of several measurements of one quantity; NaN if one is. */
    public void largest(String quantity, double value) {
      values.merge(quantity, value, Math::max);
    }

    /** Records the smallest of several measurements of one quantity; NaN if one is. */
    public void smallest(String quantity, double value) {
      values.merge(quantity, value, Math::min);
    }

    /** What was recorded, in order. */
    public SequencedMap<String, Double> values() {
      return values;
    }
  }

  private final NavigableMap<Integer, Map<String, Double>> bySeed = new TreeMap<>();
  private final int seeds;

  /** Expects the sheets of seeds 0 to {@code seeds - 1}. */
  public Measured(int seeds) {
    this.seeds = seeds;
  }

  /** Adds what one study found for one seed. */
  public void add(int seed, Sheet sheet) {
    bySeed.computeIfAbsent(seed, _ -> new LinkedHashMap<>()).putAll(sheet.values());
  }

  /** Whether every seed has the quantity. */
  public boolean has(String quantity) {
    return of(quantity).size() == seeds;
  }

  /** The values of the seeds that have one. */
  public List<Double> of(String quantity) {
    var values = new ArrayList<Double>();
    for (Map<String, Double> sheet : bySeed.values()) {
      if (sheet.containsKey(quantity)) {
        values.add(sheet.get(quantity));
      }
    }
    return values;
  }

  /** The mean over the seeds that have a value. */
  public double mean(String quantity) {
    return of(quantity).stream().mapToDouble(Double::doubleValue).average().orElse(Double.NaN);
  }
}
