package io.contraspectra.experiments.cli;

import io.contraspectra.core.matrix.InvalidArgument;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The methods of {@code embed}: what each reads, and what of it can be linear. */
enum EmbedMethod {
  PCA(EnumSet.of(Reads.INPUT), Linear.ALWAYS),
  KERNEL_PCA(EnumSet.of(Reads.KERNEL), Linear.NEVER, "bandwidth2"),
  LAPLACIAN_EIGENMAPS(EnumSet.of(Reads.RELATION, Reads.LAPLACIAN), Linear.NEVER),
  CLASSICAL_MDS(EnumSet.of(Reads.INPUT), Linear.NEVER),
  ISOMAP(EnumSet.of(Reads.INPUT, Reads.NEIGHBOURS), Linear.NEVER),
  LPP(EnumSet.of(Reads.INPUT, Reads.RELATION), Linear.ALWAYS),
  LDA(EnumSet.of(Reads.INPUT, Reads.LABELS), Linear.ALWAYS),
  /** The Fisher subspace of labelled samples: linear discriminants by the name that theory gives them. */
  FISHER(EnumSet.of(Reads.INPUT, Reads.LABELS), Linear.ALWAYS),
  CCA(EnumSet.of(Reads.INPUT, Reads.SECOND), Linear.ALWAYS),
  VICREG(EnumSet.of(Reads.RELATION, Reads.LAPLACIAN, Reads.TWO_VIEWS), Linear.CHOSEN, "alpha", "beta", "gamma", "ddof",
      "hinge"),
  SIMCLR(EnumSet.of(Reads.RELATION), Linear.CHOSEN, "centred"),
  SPECTRAL_CONTRASTIVE(EnumSet.of(Reads.RELATION), Linear.CHOSEN),
  BARLOW_TWINS(EnumSet.of(Reads.RELATION), Linear.CHOSEN, "unnormalised"),
  INFONCE_DIST(EnumSet.of(Reads.RELATION), Linear.NEVER, "tau"),
  INFONCE_COS(EnumSet.of(Reads.RELATION), Linear.NEVER, "tau");

  /** What a method reads. */
  enum Reads { INPUT, SECOND, TWO_VIEWS, KERNEL, RELATION, LABELS, NEIGHBOURS, LAPLACIAN }

  /** Whether a method finds a linear encoder. */
  enum Linear { NEVER, CHOSEN, ALWAYS }

  private final Set<Reads> reads;
  private final Linear linear;
  private final List<String> parameters;

  EmbedMethod(Set<Reads> reads, Linear linear, String... parameters) {
    this.reads = reads;
    this.linear = linear;
    this.parameters = List.of(parameters);
  }

  /** The name on the command line, e.g. {@code kernel-pca}. */
  String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  boolean reads(Reads what) {
    return reads.contains(what);
  }

  List<String> parameters() {
    return parameters;
  }

  /** Whether it always finds a linear encoder, from a covariance matrix and not from pairs of samples. */
  boolean isAlwaysLinear() {
    return linear == Linear.ALWAYS;
  }

  /** Refuses {@code --linear} where there is no such form. */
  void requireLinear(boolean asked) {
    if (asked && linear == Linear.NEVER) {
      throw new InvalidArgument("--linear: " + text() + " has no linear encoder here"
          + (this == LAPLACIAN_EIGENMAPS ? "; lpp is its linear form" : "; leave it out"));
    }
  }

  /** The names on the command line. */
  static final class Converter implements ITypeConverter<EmbedMethod> {
    @Override
    public EmbedMethod convert(String name) {
      return Arrays.stream(values()).filter(method -> method.text().equals(name)).findFirst().orElseThrow(
          () -> new TypeConversionException(InvalidArgument.unknown("method", name, Arrays.stream(values())
              .map(EmbedMethod::text).toList()).getMessage()));
    }
  }
}
