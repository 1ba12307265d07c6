package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;

/** NT-Xent of the anchors and positives of triplets; the negatives are not used. */
final class TripletNtXent extends SimilarityEvaluation {

  private final NtXent ntXent;

  TripletNtXent(TripletLoss loss, Backend backend, DType dtype, long samples, long outputs) {
    super(loss, loss.similarity(), backend, dtype, samples, outputs);
    this.ntXent = new NtXent(backend, workspace, dtype, loss.temperature(), samples);
  }

  static long bytes(TripletLoss loss, DType dtype, long samples, long outputs) {
    return bytes(loss.similarity(), dtype, 3 * samples, outputs) + NtXent.bytes(dtype, samples);
  }

  @Override
  double ofDotProducts(Matrix rows, Matrix gradient) {
    backend.fill(0, block(gradient, 2));
    return ntXent.evaluate(rows.rowRange(0, 2 * samples), gradient.rowRange(0, 2 * samples));
  }
}
