package io.contraspectra.core.evaluate;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.util.Arrays;

/** The classes that labels name, in ascending order, and each sample's place among them. */
final class Classes {

  private final int[] names;
  private final int[] places;

  /** Of one label for every row of X; at least two different ones. */
  Classes(String what, Matrix x, int[] labels) {
    requireOneEach(what, x, labels);
    names = Arrays.stream(labels).distinct().sorted().toArray();
    if (names.length < 2) {
      throw new InvalidArgument(what + " needs samples of at least two classes, got " + names.length);
    }
    places = Arrays.stream(labels).map(label -> Arrays.binarySearch(names, label)).toArray();
  }

  static void requireOneEach(String what, Matrix x, int[] labels) {
    if (labels.length != x.rows()) {
      throw new ShapeMismatch(what + ": " + labels.length + " labels for the " + x.rows() + " rows of "
          + x.describe("X") + "; give one for each");
    }
  }

  int count() {
    return names.length;
  }

  int name(int place) {
    return names[place];
  }

  int place(int sample) {
    return places[sample];
  }

  /** N x C with a 1 in each row at its class; to be closed by the caller. */
  Matrix oneHot(Backend backend, DType dtype) {
    var ones = new double[Math.multiplyExact(places.length, names.length)];
    for (int i = 0; i < places.length; i++) {
      ones[i * names.length + places[i]] = 1;
    }
    Matrix matrix = backend.zeros(dtype, places.length, names.length);
    matrix.copyFrom(ones);
    return matrix;
  }

  /** The part of predictions that are right. */
  static double accuracy(int[] predicted, int[] labels) {
    int right = 0;
    for (int i = 0; i < predicted.length; i++) {
      right += predicted[i] == labels[i] ? 1 : 0;
    }
    return (double) right / predicted.length;
  }
}
