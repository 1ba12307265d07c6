package io.contraspectra.core.ntk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.golden.Golden;
import io.contraspectra.core.network.Activation;
import java.util.Arrays;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

class DualActivationTest {

  @Test
  void dualsAreThoseOfFortyDigitArithmetic() {
    for (String name : new String[] {"unit", "bias"}) {
      try (Golden golden = Golden.open("ntk/shared-inf-" + name)) {
        double[] a = golden.doubles("dual_a");
        double[] b = golden.doubles("dual_b");
        double[] c = golden.doubles("dual_c");
        for (Activation activation : EnumSet.complementOf(EnumSet.of(Activation.IDENTITY))) {
          DualActivation dual = DualActivation.of(activation);
          var kernel = new double[a.length];
          var derivative = new double[a.length];
          Arrays.setAll(kernel, i -> dual.kernel(a[i], b[i], c[i]));
          Arrays.setAll(derivative, i -> dual.derivative(a[i], b[i], c[i]));
          boolean quadrature = activation == Activation.TANH || activation == Activation.SOFTPLUS;
          golden.assertClose("dual_" + activation.label(), kernel, quadrature ? 1e-10 : 1e-11);
          golden.assertClose("dual_" + activation.label() + "_dot", derivative,
              activation == Activation.RELU ? 2e-7 : quadrature ? 1e-10 : 1e-11);
        }
      }
    }
  }

  /** Price's theorem: the derivative of the kernel in the covariance is the kernel of the derivative. */
  @Test
  void satisfyPricesTheorem() {
    double h = 1e-5;
    for (Activation activation : Activation.values()) {
      DualActivation dual = DualActivation.of(activation);
      for (double c : new double[] {-0.7, -0.1, 0, 0.4, 0.8}) {
        double numeric = (dual.kernel(1.1, 0.9, c + h) - dual.kernel(1.1, 0.9, c - h)) / (2 * h);
        assertEquals(dual.derivative(1.1, 0.9, c), numeric, 1e-9, activation + " at " + c);
      }
    }
  }

  @Test
  void zeroInputsHaveNoReluKernel() {
    DualActivation relu = DualActivation.of(Activation.RELU);
    assertEquals(0, relu.kernel(0, 1, 0));
    assertEquals(0, relu.derivative(0, 1, 0));
  }
}
