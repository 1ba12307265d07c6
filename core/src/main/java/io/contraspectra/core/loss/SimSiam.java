package io.contraspectra.core.loss;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * SimSiam with a linear predictor P: {@code 1/2 D(Z_A Pᵀ, sg Z_B) + 1/2 D(Z_B Pᵀ, sg Z_A)}, where sg stops the
 * gradient and D is minus the mean cosine, or the mean squared distance, of corresponding rows (gmm.md 10). The
 * predictor is the evaluation's parameter.
 *
 * @param similarity COS for minus the mean cosine, DOT for the mean squared distance
 */
public record SimSiam(Similarity similarity) implements Loss {

  private static final Set<SideArray> ARRAYS = Set.of(SideArray.PREDICTOR);
  private static final String SOURCE = "Chen, He 2021, arXiv 2011.10566; gmm.md 4, 10";

  static List<LossEntry> entries() {
    String formula = "1/2 D(ZA P', sg ZB) + 1/2 D(ZB P', sg ZA), D = ";
    return List.of(
        LossEntry.of("simsiam-cos", LossStyle.VIEWS, formula + "-mean_i(cosine of rows i)", SOURCE,
            constants -> new SimSiam(Similarity.COS)).taking(SideArray.PREDICTOR),
        LossEntry.of("simsiam-mse", LossStyle.VIEWS, formula + "mean_i(squared distance of rows i)", SOURCE,
            constants -> new SimSiam(Similarity.DOT)).taking(SideArray.PREDICTOR));
  }

  @Override
  public String name() {
    return similarity == Similarity.COS ? "simsiam-cos" : "simsiam-mse";
  }

  @Override
  public LossStyle style() {
    return LossStyle.VIEWS;
  }

  @Override
  public long workspaceBytes(DType dtype, long samples, long outputs) {
    long cosines = similarity == Similarity.COS ? 2 * CosineRows.bytes(dtype, 2 * samples, outputs) : 0;
    return 2 * Workspace.bytes(dtype, 2 * samples, outputs) + 2 * Workspace.bytes(dtype, outputs, outputs) + cosines;
  }

  @Override
  public LossEvaluation evaluation(Backend backend, DType dtype, long samples, long outputs, SideArrays arrays) {
    arrays.requireOnly(ARRAYS, name());
    Optional<Matrix> predictor = arrays.find(SideArray.PREDICTOR);
    if (predictor.isPresent() && (predictor.get().rows() != outputs || predictor.get().cols() != outputs
        || predictor.get().dtype() != dtype)) {
      throw new ShapeMismatch(name() + ": " + predictor.get().describe("predictor") + " " + predictor.get().dtype()
          + " must be " + outputs + "x" + outputs + " " + dtype);
    }
    if (similarity == Similarity.COS) {
      CosineRows.requireDirections(similarity, outputs, name());
    }
    return new Evaluation(this, backend, dtype, samples, outputs, predictor);
  }

  private static final class Evaluation extends BlockEvaluation {

    private final boolean cosines;
    private final Matrix predictor;
    private final Matrix predictorGradient;
    private final Matrix predictions;
    private final Matrix targets;
    private final Optional<CosineRows> predictionRows;
    private final Optional<CosineRows> targetRows;

    Evaluation(SimSiam loss, Backend backend, DType dtype, long samples, long outputs, Optional<Matrix> given) {
      super(loss, backend, dtype, samples, outputs);
      this.cosines = loss.similarity == Similarity.COS;
      this.predictions = workspace.matrix(dtype, 2 * samples, outputs);
      this.targets = workspace.matrix(dtype, 2 * samples, outputs);
      this.predictorGradient = workspace.matrix(dtype, outputs, outputs);
      Matrix identity = workspace.matrix(dtype, outputs, outputs);
      backend.fill(0, identity);
      backend.shiftDiagonal(1, identity);
      this.predictor = given.orElse(identity);
      this.predictionRows = rows(cosines);
      this.targetRows = rows(cosines);
    }

    private Optional<CosineRows> rows(boolean wanted) {
      return wanted
          ? Optional.of(new CosineRows(backend, workspace, dtype, 2 * samples, outputs))
          : Optional.empty();
    }

    @Override
    double value(Matrix embeddings, Matrix gradient) {
      backend.requireFinite("simsiam: the predictor", predictor);
      TiledGemm.gemm(backend, NO, YES, 1, embeddings, predictor, 0, predictions);
      backend.copy(block(embeddings, 1), block(targets, 0));
      backend.copy(block(embeddings, 0), block(targets, 1));
      double value = cosines ? cosine() : squaredDistance();
      // The predictions' place holds their gradient from here on.
      TiledGemm.gemm(backend, NO, NO, 1, predictions, predictor, 0, gradient);
      TiledGemm.gemm(backend, YES, NO, 1, predictions, embeddings, 0, predictorGradient);
      return value;
    }

    /** Minus half the two mean cosines; replaces the predictions by the gradient with respect to them. */
    private double cosine() {
      Matrix u = predictionRows.orElseThrow().normalise(predictions);
      Matrix t = targetRows.orElseThrow().normalise(targets);
      double value = -backend.dot(u, t) / (2 * samples);
      backend.add(-1.0 / (2 * samples), t, 0, predictions);
      predictionRows.orElseThrow().pullBack(predictions);
      return value;
    }

    private double squaredDistance() {
      backend.add(-1, targets, 1, predictions);
      double value = backend.dot(predictions, predictions) / (2 * samples);
      backend.scale(1.0 / samples, predictions);
      return value;
    }

    @Override
    public Optional<Matrix> parameters() {
      return Optional.of(predictor);
    }

    @Override
    public Optional<Matrix> parameterGradient() {
      return Optional.of(predictorGradient);
    }

    @Override
    public long zeroRows() {
      return cosines ? predictionRows.orElseThrow().zeroRows() + targetRows.orElseThrow().zeroRows() : 0;
    }
  }
}
