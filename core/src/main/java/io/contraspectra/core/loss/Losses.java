package io.contraspectra.core.loss;

import io.contraspectra.core.matrix.InvalidArgument;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The catalogue of losses. */
public final class Losses {

  private static final List<LossEntry> CATALOGUE = Stream.of(
          TripletLoss.entries(),
          AlphaLosses.entries(),
          ViewsInfoNce.entries(),
          List.of(ViewsNtXent.entry(), Nnclr.entry()),
          SimSiam.entries(),
          List.of(VicReg.entry(), BarlowTwins.entry(), SpectralBatch.entry()),
          GraphVicReg.entries(),
          List.of(GraphSpectral.entry(), GraphSimClr.entry()),
          GraphInfoNce.entries(),
          List.of(GraphBarlow.entry()))
      .flatMap(List::stream)
      .toList();

  private Losses() {}

  /** Everything there is, style by style. */
  public static List<LossEntry> catalogue() {
    return CATALOGUE;
  }

  /**
   * The loss of a name.
   *
   * @param constants its constants by name, as text, e.g. {@code tau} to {@code 0.5}; defaults hold for the others
   * @throws InvalidArgument for an unknown name of a loss or of a constant, with the nearest one that exists, or for a
   *     constant that is out of its domain or missing
   */
  public static Loss named(String name, Map<String, String> constants) {
    return entry(name).loss(constants);
  }

  /**
   * What the catalogue knows of a loss.
   *
   * @throws InvalidArgument if there is none of this name, with the nearest one that exists
   */
  public static LossEntry entry(String name) {
    return CATALOGUE.stream()
        .filter(entry -> entry.name().equals(name))
        .findFirst()
        .orElseThrow(() -> InvalidArgument.unknown("loss", name, CATALOGUE.stream().map(LossEntry::name).toList()));
  }
}
