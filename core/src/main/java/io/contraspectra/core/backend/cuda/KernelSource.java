package io.contraspectra.core.backend.cuda;

import io.contraspectra.core.backend.cpu.Polynomials;
import io.contraspectra.core.matrix.DType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The text of our kernels: the constants that they share with the processors' functions, and {@code kernels.cu}. */
final class KernelSource {

  private static final String RESOURCE = "kernels.cu";

  private KernelSource() {}

  static String text() {
    try (InputStream in = Objects.requireNonNull(KernelSource.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      return constants() + new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What makes the text that of one element type. */
  static List<String> options(DType dtype) {
    boolean f64 = dtype == DType.F64;
    return List.of("--define-macro=Real=" + (f64 ? "double" : "float"),
        "--define-macro=Other=" + (f64 ? "float" : "double"), "--fmad=false");
  }

  private static String constants() {
    return numbers("EXP", Polynomials.EXP) + numbers("ERF", Polynomials.ERF) + numbers("TAIL", Polynomials.TAIL)
        + number("LOG2_E", Polynomials.LOG2_E) + number("LN2_HIGH", Polynomials.LN2_HIGH)
        + number("LN2_LOW", Polynomials.LN2_LOW) + number("TWO_OVER_SQRT_PI", Polynomials.TWO_OVER_SQRT_PI)
        + number("TWO_OVER_SQRT_PI_LOW", Polynomials.TWO_OVER_SQRT_PI_LOW)
        + number("TAIL_HIGH", Polynomials.TAIL_HIGH) + number("TAIL_LOW", Polynomials.TAIL_LOW)
        + number("TAIL_ERROR_SLOPE", Polynomials.TAIL_ERROR_SLOPE) + number("TAIL_SLOPE", Polynomials.TAIL_SLOPE)
        + number("TAIL_SCALE", Polynomials.TAIL_SCALE) + number("TAIL_SHIFT", Polynomials.TAIL_SHIFT)
        + number("TAIL_END", Polynomials.TAIL_END) + number("SQRT_TWO", Polynomials.SQRT_TWO)
        + number("ONE_OVER_SQRT_TWO_PI", Polynomials.ONE_OVER_SQRT_TWO_PI);
  }

  // Java's shortest decimal form of a double is read back as that double.
  private static String number(String name, double value) {
    return "static __device__ const double " + name + " = " + value + ";\n";
  }

  private static String numbers(String name, double[] values) {
    return "static __device__ const double " + name + "[] = {"
        + Arrays.stream(values).mapToObj(Double::toString).collect(Collectors.joining(", ")) + "};\n";
  }
}
