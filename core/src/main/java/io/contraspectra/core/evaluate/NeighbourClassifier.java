package io.contraspectra.core.evaluate;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;

/**
 * Classification by the k nearest neighbours in Euclidean distance, all votes equal. Of samples equally near, the one
 * of the lower index counts; of classes with equally many votes, the smaller one.
 *
 * <p>Thread-safe while nobody writes the reference.
 */
public final class NeighbourClassifier {

  // A block of distances takes 4 MiB against 4096 samples of doubles.
  private static final long BLOCK = 128;

  private final Backend backend;
  private final Matrix reference;
  private final Classes classes;
  private final int k;

  /**
   * Prepares the classification.
   *
   * @param reference N x d labelled samples, kept by reference
   * @param labels N classes, of which there must be two at least
   * @param k neighbours that vote, from 1 to N
   */
  public NeighbourClassifier(Backend backend, Matrix reference, int[] labels, int k) {
    this.classes = new Classes("nearest neighbours", reference, labels);
    if (k < 1 || k > reference.rows()) {
      throw new InvalidArgument("nearest neighbours: k is " + k + "; it must be from 1 to the " + reference.rows()
          + " labelled samples");
    }
    backend.requireFinite("nearest neighbours: the labelled samples", reference);
    this.backend = backend;
    this.reference = reference;
    this.k = k;
  }

  /**
   * The class of every row.
   *
   * @param queries n x d
   */
  public int[] classify(Matrix queries) {
    if (queries.cols() != reference.cols()) {
      throw new ShapeMismatch("nearest neighbours: " + queries.describe("queries") + " must have the "
          + reference.cols() + " columns of the labelled samples");
    }
    backend.requireFinite("nearest neighbours: queries", queries);
    var predicted = new int[Math.toIntExact(queries.rows())];
    long refs = reference.rows();
    try (Matrix halfNorms = backend.zeros(reference.dtype(), refs, 1);
        Matrix row = backend.zeros(reference.dtype(), 1, refs)) {
      backend.rowDots(reference, reference, halfNorms);
      backend.transpose(halfNorms, row);
      long bytes = Workspace.bytes(reference.dtype(), BLOCK, refs);
      backend.tiles(Math.ceilDiv(queries.rows(), BLOCK), bytes, (tile, workspace) -> {
        long from = tile * BLOCK;
        long count = Math.min(BLOCK, queries.rows() - from);
        Matrix distances = workspace.matrix(reference.dtype(), count, refs);
        // |q − r|² − |q|²: the query's own norm changes no order.
        backend.gemm(NO, YES, -2, queries.rowRange(from, count), reference, 0, distances);
        backend.addRow(1, row, distances);
        for (int i = 0; i < count; i++) {
          predicted[(int) from + i] = vote(distances.rowRange(i, 1).toArray());
        }
      });
    }
    return predicted;
  }

  /** The part of the queries that get their own label. */
  public double accuracy(Matrix queries, int[] labels) {
    Classes.requireOneEach("nearest neighbours", queries, labels);
    return Classes.accuracy(classify(queries), labels);
  }

  private int vote(double[] distances) {
    var votes = new int[classes.count()];
    int best = 0;
    for (int sample : nearest(distances)) {
      int place = classes.place(sample);
      votes[place]++;
      if (votes[place] > votes[best] || votes[place] == votes[best] && place < best) {
        best = place;
      }
    }
    return classes.name(best);
  }

  /** The k nearest, nearest first, by insertion; of equals the one that came first stays in front. */
  private int[] nearest(double[] distances) {
    var nearest = new int[k];
    int filled = 0;
    for (int i = 0; i < distances.length; i++) {
      if (filled < k || distances[i] < distances[nearest[k - 1]]) {
        int at = filled < k ? filled++ : k - 1;
        for (; at > 0 && distances[i] < distances[nearest[at - 1]]; at--) {
          nearest[at] = nearest[at - 1];
        }
        nearest[at] = i;
      }
    }
    return nearest;
  }
}
