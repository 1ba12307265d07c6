package io.contraspectra.bindings.openblas;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;

import io.contraspectra.bindings.load.NativeUnavailableException;
import java.lang.foreign.Arena;

/** Run in a JVM of its own: multiplies 6 by 7, then prints the product and every attempt, or the error's text. */
public final class LoadProbe {
  private LoadProbe() {}

  public static void main(String[] arguments) {
    try (var arena = Arena.ofConfined()) {
      var a = arena.allocateFrom(JAVA_DOUBLE, 6);
      var b = arena.allocateFrom(JAVA_DOUBLE, 7);
      var c = arena.allocate(JAVA_DOUBLE);
      Cblas.dgemm(Transpose.NO_TRANSPOSE, Transpose.NO_TRANSPOSE, 1, 1, 1, 1, a, 1, b, 1, 0, c, 1);
      System.out.println("product " + c.get(JAVA_DOUBLE, 0));
      OpenBlas.report().forEach(System.out::println);
    } catch (NativeUnavailableException e) {
      System.out.println(e.getMessage());
    }
  }
}
