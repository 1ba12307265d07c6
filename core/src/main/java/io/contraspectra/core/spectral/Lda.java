package io.contraspectra.core.spectral;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.spectral.Finding.Kind;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Fisher's linear discriminants: {@code S_b w = eta S_w w} with the scatter between and within classes. They are the
 * modes of linear VICReg on the label graph, {@code S_w w = lambda S_t w} with {@code lambda = 1/(1 + eta)}
 * (spectral.md 5), and are computed in that metric, {@code wᵀS_tw = 1}, which also serves where S_w is singular.
 */
public final class Lda {

  private static final String NAME = "lda";

  /** Below this part of scatter within classes a direction separates them up to rounding. */
  private static final double NO_SCATTER = 1e-14;

  private Lda() {}

  /**
   * The discriminants.
   *
   * @param x N x d
   * @param labels one a sample, any integers, at least two different ones
   * @param k K, less than the number of classes, at most the rank of X
   * @return eigenvalues eta descending, infinite where classes are told apart without scatter
   */
  public static Embedding embedding(Backend backend, Matrix x, int[] labels, int k) {
    if (labels.length != x.rows()) {
      throw new ShapeMismatch(NAME + ": " + labels.length + " labels for the " + x.rows() + " samples of "
          + x.describe("X") + "; give one a sample");
    }
    int[] classes = Arrays.stream(labels).distinct().sorted().toArray();
    if (classes.length < 2) {
      throw new InvalidArgument(NAME + ": all samples have the label " + (classes.length == 0 ? "" : classes[0])
          + "; at least two classes are needed");
    }
    try (var data = WhitenedData.plain(NAME, backend, x)) {
      Requirements.dimensions(NAME, k, Math.min(classes.length - 1, data.rank()), classes.length
          + " classes in " + data.rank() + " dimensions have no more discriminants");
      LinearModes modes = between(backend, data, labels, classes, k);
      var findings = new Findings();
      double[] eta = Arrays.stream(modes.values()).map(mu -> 1 - mu > NO_SCATTER ? mu / (1 - mu)
          : Double.POSITIVE_INFINITY).toArray();
      long separating = Arrays.stream(eta).filter(Double::isInfinite).count();
      if (separating > 0) {
        findings.add(Kind.SEPARABLE, "%d discriminants separate classes without scatter within them: more dimensions"
            + " than the samples fill, or copies; expect no such result on other samples", separating);
      }
      var gains = new double[k];
      Arrays.fill(gains, 1);
      Embedding found = Factorisation.linear(data, modes, gains, OptionalDouble.empty(), findings);
      return new Embedding(found.points(), eta, gains, found.map(), found.optimum(), found.findings());
    }
  }

  /** Modes of {@code S_b w = mu S_t w}: {@code S_b = MᵀM} with rows {@code sqrt(n_c) mean_c}. */
  private static LinearModes between(Backend backend, WhitenedData data, int[] labels, int[] classes, int k) {
    int c = classes.length;
    var scales = new double[c];
    var member = new double[labels.length * c];
    for (int i = 0; i < labels.length; i++) {
      int at = Arrays.binarySearch(classes, labels[i]);
      member[i * c + at] = 1;
      scales[at]++;
    }
    for (int at = 0; at < c; at++) {
      scales[at] = 1 / Math.sqrt(scales[at]);
    }
    long r = data.rank();
    try (Matrix indicators = backend.matrix(labels.length, c, member); Matrix roots = backend.matrix(c, 1, scales);
        Matrix sums = backend.zeros(DType.F64, c, data.dimensions());
        Matrix means = backend.zeros(DType.F64, c, r); Matrix inside = backend.zeros(DType.F64, r, r)) {
      backend.gemm(YES, NO, 1, indicators, data.centred(), 0, sums);
      backend.multiplyColumn(roots, sums, sums);
      backend.gemm(NO, YES, 1, sums, data.basis(), 0, means);
      backend.syrk(Triangle.LOWER, YES, 1, means, 0, inside);
      backend.mirror(Triangle.LOWER, inside);
      return data.modes(inside, false, k);
    }
  }
}
