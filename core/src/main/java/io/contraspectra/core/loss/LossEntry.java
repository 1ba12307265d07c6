package io.contraspectra.core.loss;

import io.contraspectra.core.matrix.InvalidArgument;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** What the catalogue knows of one loss: its name, formula, parameters and source, and how to make it. Immutable. */
public final class LossEntry {

  private final String name;
  private final LossStyle style;
  private final String formula;
  private final String source;
  private final List<LossParameter> parameters;
  private final List<LossParameter> ignored;
  private final Set<SideArray> arrays;
  private final Function<LossConstants, Loss> factory;

  private LossEntry(String name, LossStyle style, String formula, String source, List<LossParameter> parameters,
      List<LossParameter> ignored, Set<SideArray> arrays, Function<LossConstants, Loss> factory) {
    this.name = name;
    this.style = style;
    this.formula = formula;
    this.source = source;
    this.parameters = parameters;
    this.ignored = ignored;
    this.arrays = arrays;
    this.factory = factory;
  }

  /** An entry without parameters or side arrays. */
  static LossEntry of(
      String name, LossStyle style, String formula, String source, Function<LossConstants, Loss> factory) {
    return new LossEntry(name, style, formula, source, List.of(), List.of(), Set.of(), factory);
  }

  /** The same entry with these parameters. */
  LossEntry with(LossParameter... parameters) {
    return new LossEntry(name, style, formula, source, List.of(parameters), ignored, arrays, factory);
  }

  /** The same entry, accepting parameters that have no effect. */
  LossEntry ignoring(LossParameter... ignored) {
    return new LossEntry(name, style, formula, source, parameters, List.of(ignored), arrays, factory);
  }

  /** The same entry with these side arrays. */
  LossEntry taking(SideArray... arrays) {
    return new LossEntry(name, style, formula, source, parameters, ignored, Set.of(arrays), factory);
  }

  /** The name, e.g. {@code cos-infonce}. */
  public String name() {
    return name;
  }

  /** What its embeddings are. */
  public LossStyle style() {
    return style;
  }

  /** The formula in plain text. */
  public String formula() {
    return formula;
  }

  /** Where the loss comes from, and the page that defines it here. */
  public String source() {
    return source;
  }

  /** Its constants. */
  public List<LossParameter> parameters() {
    return parameters;
  }

  /** What it may take beside the embeddings. */
  public Set<SideArray> arrays() {
    return arrays;
  }

  /**
   * The loss itself.
   *
   * @param given constants by name, as text; defaults hold for the others
   * @throws InvalidArgument for an unknown name, a value out of its domain, or a missing constant without default
   */
  public Loss loss(Map<String, String> given) {
    return factory.apply(new LossConstants(name, Stream.concat(parameters.stream(), ignored.stream()).toList(), given));
  }
}
