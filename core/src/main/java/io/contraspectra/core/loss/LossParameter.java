package io.contraspectra.core.loss;

import io.contraspectra.core.matrix.InvalidArgument;
import java.util.Locale;
import java.util.OptionalDouble;

/**
 * A constant of a loss.
 *
 * @param name the key on the command line, e.g. {@code tau}
 * @param domain which values have a meaning
 * @param defaultValue the value where none is given; without one, a value must be given
 */
public record LossParameter(String name, Domain domain, OptionalDouble defaultValue) {

  /** Which values a constant may have. */
  public enum Domain {
    /** Finite and greater than 0. */
    POSITIVE("a positive number"),
    /** Finite and at least 0. */
    NON_NEGATIVE("a number of at least 0"),
    /** 0 or 1. */
    ZERO_OR_ONE("0 or 1"),
    /** {@code true} or {@code false}, held as 1 and 0. */
    FLAG("true or false");

    private final String description;

    Domain(String description) {
      this.description = description;
    }

    /** The values in words. */
    public String description() {
      return description;
    }

    private boolean contains(double value) {
      return switch (this) {
        case POSITIVE -> value > 0 && Double.isFinite(value);
        case NON_NEGATIVE -> value >= 0 && Double.isFinite(value);
        case ZERO_OR_ONE, FLAG -> value == 0 || value == 1;
      };
    }
  }

  static LossParameter of(String name, Domain domain, double defaultValue) {
    return new LossParameter(name, domain, OptionalDouble.of(defaultValue));
  }

  static LossParameter required(String name, Domain domain) {
    return new LossParameter(name, domain, OptionalDouble.empty());
  }

  /** A temperature. */
  static LossParameter tau(double defaultValue) {
    return of("tau", Domain.POSITIVE, defaultValue);
  }

  /**
   * Reads a value.
   *
   * @throws InvalidArgument for text that is no number, or a number outside the domain
   */
  double parse(String text) {
    if (domain == Domain.FLAG && (text.equals("true") || text.equals("false"))) {
      return text.equals("true") ? 1 : 0;
    }
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw refused(text);
    }
    if (!domain.contains(value)) {
      throw refused(text);
    }
    return value;
  }

  /** Throws unless {@code value}, given by a program, lies in the domain. */
  static void require(String name, Domain domain, double value) {
    if (!domain.contains(value)) {
      throw new InvalidArgument(name + " is " + value + "; it must be " + domain.description());
    }
  }

  /** A value of this parameter as people write it. */
  public String text(double value) {
    if (domain == Domain.FLAG) {
      return value == 1 ? "true" : "false";
    }
    return value == Math.rint(value) ? String.format(Locale.ROOT, "%.0f", value) : Double.toString(value);
  }

  private InvalidArgument refused(String text) {
    return new InvalidArgument(name + " is '" + text + "'; it must be " + domain.description());
  }
}
