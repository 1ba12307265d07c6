package io.contraspectra.core.loss;

import io.contraspectra.core.matrix.Matrix;

/** Numbers on the host, in an array that is kept from one step to the next and grows where more are asked for. */
final class HostNumbers {

  private double[] numbers = new double[0];

  /** An array of {@code count} numbers or more, holding what it held before if it was as long. */
  double[] array(long count) {
    if (numbers.length < count) {
      numbers = new double[Math.toIntExact(count)];
    }
    return numbers;
  }

  /** All elements of a matrix, row by row, at the start of the array. */
  double[] of(Matrix matrix) {
    double[] target = array(matrix.size());
    matrix.copyTo(target);
    return target;
  }
}
