package io.contraspectra.experiments.paper.features;

import io.contraspectra.experiments.paper.features.FeatureRun.Change;
import java.util.function.ToDoubleFunction;

/** What training changes, each zero at the start or for a readout of principal components. */
enum Quantity {
  MATRIX("dS", "change of the feature matrix, ‖S_t − S_0‖/‖S_0‖", Change::matrix),
  COMPONENTS("pd(U_t,U_0)", "distance of its components, pd(U_t,U_0)", Change::components),
  READOUT("pd(W_t,U_0)", "distance of the readout, pd(W_t,U_0)", Change::readout),
  PROCRUSTES("procrustes", "Procrustes misfit of the representations", Change::procrustes),
  MISALIGNMENT("1-CKA", "1 − CKA of the representations", Change::misalignment),
  DAVIS_KAHAN("Davis-Kahan", "left side over right side of Davis and Kahan's bound", Change::davisKahan);

  private final String label;
  private final String title;
  private final ToDoubleFunction<Change> value;

  Quantity(String label, String title, ToDoubleFunction<Change> value) {
    this.label = label;
    this.title = title;
    this.value = value;
  }

  double of(Change change) {
    return value.applyAsDouble(change);
  }

  /** What an axis says. */
  String title() {
    return title;
  }

  /** What it is called at one width of a study. */
  String at(String study, int width) {
    return label + ", " + study + ", M = " + width;
  }

  /** What the exponent of its power law is called. */
  String slope(String study) {
    return "slope of " + label + ", " + study;
  }
}
