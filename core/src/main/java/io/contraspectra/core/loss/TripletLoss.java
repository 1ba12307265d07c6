package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One loss on triplets (anchor, positive, negative), e.g. {@code cos-infonce} at temperature 0.5 (ntk.md 1).
 *
 * @param similarity dot product or cosine
 * @param form the function of the similarities
 * @param temperature tau, positive and finite; without effect where the form has none
 */
public record TripletLoss(Similarity similarity, TripletForm form, double temperature) {

  public TripletLoss {
    if (!(temperature > 0) || Double.isInfinite(temperature)) {
      throw new InvalidArgument("tau is " + temperature + "; a temperature must be positive and finite");
    }
  }

  /**
   * The loss of a name such as {@code dot-linear} or {@code cos-ntxent}.
   *
   * @throws InvalidArgument if there is none of this name, with the nearest one that exists
   */
  public static TripletLoss named(String name, double temperature) {
    for (TripletLoss loss : catalogue(temperature)) {
      if (loss.name().equals(name)) {
        return loss;
      }
    }
    throw InvalidArgument.unknown("loss", name, catalogue(1).stream().map(TripletLoss::name).toList());
  }

  /** All twelve losses at one temperature. */
  public static List<TripletLoss> catalogue(double temperature) {
    return Arrays.stream(Similarity.values())
        .flatMap(similarity -> Arrays.stream(TripletForm.values())
            .map(form -> new TripletLoss(similarity, form, temperature)))
        .toList();
  }

  /** The name in files and on the command line, e.g. {@code cos-infonce}. */
  public String name() {
    return (similarity + "-" + form).toLowerCase(Locale.ROOT);
  }

  /**
   * Prepares the evaluation on N triplets of K-dimensional embeddings; the result allocates nothing when it runs.
   *
   * @throws InvalidArgument for a cosine loss with K = 1
   */
  public TripletEvaluation evaluation(Backend backend, DType dtype, long samples, long outputs) {
    if (similarity == Similarity.COS && outputs < 2) {
      throw new InvalidArgument(name() + " needs embeddings of at least 2 dimensions, got " + outputs
          + ": in one dimension every cosine is +1 or -1 and the gradient is 0");
    }
    if (samples < 1) {
      throw new InvalidArgument(name() + " needs at least one triplet, got " + samples);
    }
    return new TripletEvaluation(this, backend, dtype, samples, outputs);
  }
}
