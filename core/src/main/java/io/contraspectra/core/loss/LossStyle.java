package io.contraspectra.core.loss;

import java.util.List;
import java.util.Locale;

/** What the embeddings of a loss mean: the blocks of rows that it reads, and their names in files and options. */
public enum LossStyle {
  /** Anchors, positives and negatives (ntk.md 1). */
  TRIPLETS("f", "p", "q"),
  /** Anchors z and their positives z' (alphacl.md 1). */
  ALPHA("z", "zp"),
  /** Two views of every sample (gmm.md 10, spectral.md 10). */
  VIEWS("za", "zb"),
  /** One block, with a graph over its rows (spectral.md 2-4). */
  GRAPH("z");

  private final List<String> arrays;

  LossStyle(String... arrays) {
    this.arrays = List.of(arrays);
  }

  /** The name in listings, e.g. {@code triplets}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Blocks of N rows. */
  public int blocks() {
    return arrays.size();
  }

  /** The blocks' names, in order, as options have them: {@code f}, {@code zp}. */
  public List<String> arrays() {
    return arrays;
  }

  /** The names of the blocks' gradients in files, in order: {@code dF}, {@code dZP}. */
  public List<String> gradients() {
    return arrays.stream().map(array -> "d" + array.toUpperCase(Locale.ROOT)).toList();
  }
}
