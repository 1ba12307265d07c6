package io.contraspectra.core.training;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.data.LabelledData;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.core.random.RandomStreams;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The samples on which a run is judged, without augmentation. Of labelled ones the last fifth is held out: neighbours
 * and probes are fitted to the others and judged on it. Close it.
 */
public final class EvaluationSet implements AutoCloseable {

  private static final int MOST = 5000;
  private static final int DRIFT_ROWS = 64;
  private static final int HELD_OUT = 5;

  private final Matrix inputs;
  private final int @Nullable [] labels;
  private final long driftRows;

  private EvaluationSet(Matrix inputs, int @Nullable [] labels, long driftRows) {
    this.inputs = inputs;
    this.labels = labels;
    this.driftRows = driftRows;
  }

  /**
   * Up to 5000 samples of a data set in random order; the first 64 carry the NTK whose drift is measured.
   *
   * @param streams the order comes from the stream {@code evaluation}
   */
  public static EvaluationSet of(LabelledData data, Backend backend, DType dtype, RandomStreams streams) {
    int count = Math.min(data.rows(), MOST);
    int[] rows = RandomDraws.distinct(streams.named("evaluation"), count, data.rows());
    var features = new double[Math.multiplyExact(count, data.cols())];
    for (int i = 0; i < count; i++) {
      System.arraycopy(data.features(), rows[i] * data.cols(), features, i * data.cols(), data.cols());
    }
    int[] all = data.labels();
    Matrix inputs = backend.zeros(dtype, count, data.cols());
    inputs.copyFrom(features);
    return new EvaluationSet(inputs, all == null ? null : Arrays.stream(rows).map(row -> all[row]).toArray(),
        Math.min(DRIFT_ROWS, count));
  }

  /** Given samples in their order, all of which carry the NTK whose drift is measured; copied. */
  public static EvaluationSet of(Backend backend, Matrix inputs) {
    return new EvaluationSet(backend.copyOf(inputs, inputs.dtype()), null, inputs.rows());
  }

  /** N x d. */
  public Matrix inputs() {
    return inputs;
  }

  Matrix driftInputs() {
    return inputs.rowRange(0, driftRows);
  }

  /** The samples that are not held out. */
  Matrix fitted(Matrix rows) {
    return rows.rowRange(0, rows.rows() - heldOut());
  }

  /** The samples held out. */
  Matrix judged(Matrix rows) {
    return rows.rowRange(rows.rows() - heldOut(), heldOut());
  }

  int[] fittedLabels() {
    int[] all = requireLabels();
    return Arrays.copyOf(all, all.length - heldOut());
  }

  int[] judgedLabels() {
    int[] all = requireLabels();
    return Arrays.copyOfRange(all, all.length - heldOut(), all.length);
  }

  private int heldOut() {
    return Math.max(1, (int) inputs.rows() / HELD_OUT);
  }

  /**
   * The classes.
   *
   * @throws InvalidArgument if there are none, or too few samples to hold any out
   */
  int[] requireLabels() {
    if (labels == null || labels.length < 2) {
      throw new InvalidArgument("knn and probe are measured on labelled data; give data with labels, or leave them"
          + " out");
    }
    return labels;
  }

  @Override
  public void close() {
    inputs.close();
  }
}
