package io.contraspectra.core.data;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A data set on the Java heap: samples in rows, with a class for each where the source has them. The arrays are not
 * copied; whoever changes them changes the data set.
 *
 * @param name where the data come from, for messages
 * @param rows number of samples, at least 1
 * @param cols number of features, at least 1
 * @param features {@code rows * cols} numbers, row by row
 * @param labels one class a row, or null if there are none
 */
public record LabelledData(String name, int rows, int cols, double[] features, int @Nullable [] labels) {

  public LabelledData {
    if (rows < 1 || cols < 1) {
      throw new InvalidData(name + " holds no samples: " + rows + " rows of " + cols + " features");
    }
    if ((long) rows * cols != features.length || labels != null && labels.length != rows) {
      throw new ShapeMismatch(name + ": " + rows + " rows of " + cols + " features do not fit " + features.length
          + " numbers" + (labels == null ? "" : " and " + labels.length + " labels"));
    }
  }

  /** From rows of equal length, of which there must be one at least. */
  static LabelledData of(String name, List<double[]> rows, int @Nullable [] labels) {
    int cols = rows.getFirst().length;
    if ((long) rows.size() * cols > Integer.MAX_VALUE - 8) {
      throw new InvalidData(name + " holds more numbers than a Java array; save it as .npy, which is read in pieces");
    }
    var features = new double[rows.size() * cols];
    for (int row = 0; row < rows.size(); row++) {
      System.arraycopy(rows.get(row), 0, features, row * cols, cols);
    }
    return new LabelledData(name, rows.size(), cols, features, labels);
  }

  /** A copy of one sample. */
  public double[] row(int row) {
    return Arrays.copyOfRange(features, row * cols, (row + 1) * cols);
  }

  /**
   * The labels of data that must have them.
   *
   * @throws InvalidData if there are none
   */
  public int[] requireLabels() {
    if (labels == null) {
      throw new InvalidData(name + " has no labels; give a CSV file with a column 'label', or IDX images with their "
          + "labels file beside them");
    }
    return labels;
  }

  /** The features as a new rows x cols matrix, which the caller must close. */
  public Matrix toMatrix(Backend backend, DType dtype) {
    Matrix matrix = backend.zeros(dtype, rows, cols);
    matrix.copyFrom(features);
    return matrix;
  }

  @Override
  public String toString() {
    return name + ": " + rows + " samples of " + cols + " features, " + (labels == null ? "no labels" : "labelled");
  }
}
