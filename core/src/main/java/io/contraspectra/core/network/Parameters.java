package io.contraspectra.core.network;

import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;

/**
 * A vector of all parameters of an architecture, or anything of that shape: a gradient, a direction. The layers are
 * views of one flat 1 x P matrix, so that an update of all of them is one operation.
 *
 * @param architecture which layer stands where
 * @param flat the 1 x P vector, in the order W1, b1, W2, b2, …
 */
public record Parameters(Architecture architecture, Matrix flat) {

  private static final long CHUNK = 1 << 16;

  public Parameters {
    if (flat.rows() != 1 || flat.cols() != architecture.parameters()) {
      throw new ShapeMismatch("parameters of " + architecture.widths() + ": a 1x" + architecture.parameters()
          + " vector is needed, got " + flat.describe(""));
    }
  }

  /** W^l, n_l x n_(l-1). */
  public Matrix weight(int layer) {
    return part(architecture.weightOffset(layer), architecture.width(layer), architecture.width(layer - 1));
  }

  /** b^l as a row, 1 x n_l. */
  public Matrix bias(int layer) {
    if (!architecture.biased()) {
      throw new ShapeMismatch("bias of layer " + layer + ": this network has no biases");
    }
    return part(architecture.biasOffset(layer), 1, architecture.width(layer));
  }

  /** Draws every parameter independently from N(0, 1), in the order of the flat vector. */
  public void fillGaussian(RandomGenerator random) {
    for (long at = 0; at < flat.cols(); at += CHUNK) {
      Matrix chunk = flat.block(0, at, 1, Math.min(CHUNK, flat.cols() - at));
      chunk.copyFrom(DoubleStream.generate(random::nextGaussian).limit(chunk.cols()).toArray());
    }
  }

  private Matrix part(long offset, long rows, long cols) {
    return flat.block(0, offset, 1, rows * cols).reshape(rows, cols);
  }
}
