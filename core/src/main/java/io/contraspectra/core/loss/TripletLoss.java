package io.contraspectra.core.loss;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * One loss on triplets (anchor, positive, negative), e.g. {@code cos-infonce} at temperature 0.5 (ntk.md 1).
 *
 * @param similarity dot product or cosine
 * @param form the function of the similarities
 * @param temperature tau, positive and finite; without effect where the form has none
 */
public record TripletLoss(Similarity similarity, TripletForm form, double temperature) implements Loss {

  private static final String SOURCE = "Anil, Esser, Ghoshdastidar 2024, arXiv 2403.08673; ntk.md 1";

  public TripletLoss {
    LossParameter.require("tau", LossParameter.Domain.POSITIVE, temperature);
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

  /** The entries of the catalogue. */
  static List<LossEntry> entries() {
    return catalogue(1).stream().map(TripletLoss::entry).toList();
  }

  private LossEntry entry() {
    String rows = similarity == Similarity.COS ? ", rows divided by their norms" : "";
    var entry = LossEntry.of(name(), LossStyle.TRIPLETS, form.formula() + rows, SOURCE,
        constants -> new TripletLoss(similarity, form, constants.number("tau")));
    return form.isTempered() ? entry.with(LossParameter.tau(1)) : entry.ignoring(LossParameter.tau(1));
  }

  @Override
  public String name() {
    return (similarity + "-" + form).toLowerCase(Locale.ROOT);
  }

  @Override
  public LossStyle style() {
    return LossStyle.TRIPLETS;
  }

  @Override
  public long workspaceBytes(DType dtype, long samples, long outputs) {
    return switch (form) {
      case LINEAR, LOGISTIC, EXP, SPECTRAL -> PairwiseTriplets.bytes(this, dtype, samples, outputs);
      case INFONCE -> TripletInfoNce.bytes(this, dtype, samples, outputs);
      case NTXENT -> TripletNtXent.bytes(this, dtype, samples, outputs);
    };
  }

  @Override
  public LossEvaluation evaluation(
      Backend backend, DType dtype, long samples, long outputs, SideArrays arrays) {
    arrays.requireOnly(Set.of(), name());
    CosineRows.requireDirections(similarity, outputs, name());
    return switch (form) {
      case LINEAR, LOGISTIC, EXP, SPECTRAL -> new PairwiseTriplets(this, backend, dtype, samples, outputs);
      case INFONCE -> new TripletInfoNce(this, backend, dtype, samples, outputs);
      case NTXENT -> new TripletNtXent(this, backend, dtype, samples, outputs);
    };
  }
}
