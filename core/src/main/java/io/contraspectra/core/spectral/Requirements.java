package io.contraspectra.core.spectral;

import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;

/** Refusals that several methods share. */
final class Requirements {

  private Requirements() {}

  /** Refuses a number of dimensions beyond what a method can give. */
  static void dimensions(String method, int k, long most, String because) {
    if (k < 1 || k > most) {
      throw new InvalidArgument(method + ": K = " + k + " dimensions; " + (most < 1 ? "none are possible"
          : "it must be from 1 to " + most) + ", " + because);
    }
  }

  /** Refuses data and relations of different samples. */
  static void samples(String method, Matrix x, long vertices) {
    if (x.rows() != vertices) {
      throw new InvalidArgument(method + ": " + x.describe("X") + " has " + x.rows() + " samples, the graph relates "
          + vertices + "; both must be of the same samples in the same order");
    }
  }

  /** Refuses a constant that is not positive and finite. */
  static void positive(String method, String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new InvalidArgument(method + ": " + name + " = " + value + ", it must be positive and finite");
    }
  }
}
