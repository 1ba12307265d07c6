package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import java.util.Optional;

/** An evaluation that sees rows only through their dot products or cosines: cosines are dot products of unit rows. */
abstract class SimilarityEvaluation extends BlockEvaluation {

  private final Optional<CosineRows> cosine;

  SimilarityEvaluation(
      Loss loss, Similarity similarity, Backend backend, DType dtype, long samples, long outputs) {
    super(loss, backend, dtype, samples, outputs);
    this.cosine = similarity == Similarity.COS
        ? Optional.of(new CosineRows(backend, workspace, dtype, loss.blocks() * samples, outputs))
        : Optional.empty();
  }

  /** Bytes of this class's own buffers. */
  static long bytes(Similarity similarity, DType dtype, long rows, long outputs) {
    return similarity == Similarity.COS ? CosineRows.bytes(dtype, rows, outputs) : 0;
  }

  /** The loss of rows compared by their dot products; overwrites every row of the gradient. */
  abstract double ofDotProducts(Matrix rows, Matrix gradient);

  @Override
  final double value(Matrix embeddings, Matrix gradient) {
    Matrix rows = cosine.isPresent() ? cosine.get().normalise(embeddings) : embeddings;
    double value = ofDotProducts(rows, gradient);
    if (cosine.isPresent()) {
      cosine.get().pullBack(gradient);
    }
    return value;
  }

  @Override
  public long zeroRows() {
    return cosine.isPresent() ? cosine.get().zeroRows() : 0;
  }
}
