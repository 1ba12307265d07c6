package io.contraspectra.core.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.loss.TripletLoss;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.ntk.EmpiricalNtk;
import io.contraspectra.core.ntk.NtkDrift;
import io.contraspectra.core.training.GradientDescent;
import io.contraspectra.core.training.LinearisedDescent;
import io.contraspectra.core.training.TrainedLayers;
import java.util.List;

/** Gradient descent step by step against an independent program; tolerances of the manifest. */
class GradientDescentGoldenTest {

  private static final double TOLERANCE = 1e-9;
  private static final double GRADIENT_TOLERANCE = 1e-12;
  private static final List<String> KINDS = List.of("cos-linear", "cos-logistic", "cos-infonce", "cos-ntxent",
      "dot-linear", "dot-logistic", "dot-infonce");

  /** One loss of one golden file on one backend. */
  private record Case(Golden golden, String kind, Activation activation, Backend backend) {

    String array(String suffix) {
      return kind.replace('-', '_') + suffix;
    }

    TripletLoss loss() {
      return TripletLoss.named(kind, golden.number("tau"));
    }

    int steps() {
      return (int) golden.number(array("_T"));
    }

    Matrix inputs() {
      try (Matrix x = golden.matrix("X", backend);
          Matrix p = golden.matrix("Xp", backend);
          Matrix q = golden.matrix("Xq", backend)) {
        Matrix stacked = backend.zeros(DType.F64, 3 * x.rows(), x.cols());
        backend.copy(x, stacked.rowRange(0, x.rows()));
        backend.copy(p, stacked.rowRange(x.rows(), x.rows()));
        backend.copy(q, stacked.rowRange(2 * x.rows(), x.rows()));
        return stacked;
      }
    }

    void assertHidden(String suffix, Matrix w1, double tolerance) {
      golden.assertClose(array(suffix), w1, tolerance);
    }

    /** The files hold the readout as M x K, the network as K x M. */
    void assertReadout(String suffix, Matrix w2, double tolerance) {
      try (Matrix transposed = backend.zeros(DType.F64, w2.cols(), w2.rows())) {
        backend.transpose(w2, transposed);
        golden.assertClose(array(suffix), transposed, tolerance);
      }
    }
  }

  @EveryBackend
  void erf(Backend backend) {
    everyKind("erf", Activation.ERF, backend);
  }

  @EveryBackend
  void relu(Backend backend) {
    everyKind("relu", Activation.RELU, backend);
  }

  private static void everyKind(String name, Activation activation, Backend backend) {
    try (Golden golden = Golden.open("ntk/shared-gd-" + name)) {
      for (String kind : KINDS) {
        var test = new Case(golden, kind, activation, backend);
        allLayers(test);
        hiddenLayerOnly(test);
        linearised(test);
      }
    }
  }

  private static void allLayers(Case test) {
    Golden golden = test.golden();
    try (Network network = GoldenNetworks.twoLayer(golden, test.activation(), test.backend());
        Matrix inputs = test.inputs();
        Matrix anchors = golden.matrix("X", test.backend());
        var drift = new NtkDrift(network, anchors);
        var descent = descent(test, network, inputs, TrainedLayers.ALL)) {
      var history = new double[test.steps() + 1];
      history[0] = descent.evaluate();
      test.assertHidden("_gV", descent.gradient().weight(1), GRADIENT_TOLERANCE);
      test.assertReadout("_gW", descent.gradient().weight(2), GRADIENT_TOLERANCE);
      for (int step = 0; step < test.steps(); step++) {
        history[step] = descent.step();
      }
      history[test.steps()] = descent.evaluate();
      golden.assertClose(test.array("_hist"), history, TOLERANCE);
      test.assertHidden("_V_T", network.parameters().weight(1), TOLERANCE);
      test.assertReadout("_W_T", network.parameters().weight(2), TOLERANCE);
      try (Matrix theta = EmpiricalNtk.of(network).full(anchors)) {
        golden.assertClose(test.array("_theta_T"), theta, TOLERANCE);
      }
      assertEquals(golden.number(test.array("_drift")), drift.relative(),
          TOLERANCE * golden.number(test.array("_drift")), test.kind());
    }
  }

  private static void hiddenLayerOnly(Case test) {
    try (Network network = GoldenNetworks.twoLayer(test.golden(), test.activation(), test.backend());
        Matrix inputs = test.inputs();
        var descent = descent(test, network, inputs, TrainedLayers.HIDDEN)) {
      for (int step = 0; step < test.steps(); step++) {
        descent.step();
      }
      test.assertHidden("_V_T_hidden_only", network.parameters().weight(1), TOLERANCE);
      try (Matrix start = test.golden().matrix("W", test.backend())) {
        Matrix transposed = network.parameters().weight(2);
        try (Matrix readout = test.backend().zeros(DType.F64, start.rows(), start.cols())) {
          test.backend().transpose(transposed, readout);
          assertEquals(0, test.backend().distance(readout, start), "the readout does not move");
        }
      }
    }
  }

  private static void linearised(Case test) {
    try (Network network = GoldenNetworks.twoLayer(test.golden(), test.activation(), test.backend());
        Matrix inputs = test.inputs();
        Matrix start = network.apply(inputs);
        Matrix kernel = EmpiricalNtk.of(network).full(inputs);
        var descent = new LinearisedDescent(
            test.backend(), kernel, start, test.loss(), test.golden().number("eta"))) {
      for (int step = 0; step < test.steps(); step++) {
        descent.step();
      }
      test.golden().assertClose(test.array("_flin_T"), descent.outputs(), TOLERANCE);
    }
  }

  private static GradientDescent descent(Case test, Network network, Matrix inputs, TrainedLayers trained) {
    return new GradientDescent(network, test.loss(), inputs, test.golden().number("eta"), trained);
  }
}
