package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.matrix.Matrix;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class BackendCallTest {

  /** A new operation of {@link Backend} that nobody put under contract is found here. */
  @Test
  void noOperationEscapesTheContract() {
    List<String> calls = BackendCall.all().map(call -> plain(call.toString())).toList();
    List<String> escaped = Arrays.stream(Backend.class.getMethods())
        .filter(BackendCallTest::computes)
        .map(Method::getName)
        .filter(name -> calls.stream().noneMatch(call -> call.startsWith(plain(name))))
        .toList();
    assertEquals(List.of(), escaped);
  }

  // copyOf makes a matrix and copies; it is no operation of its own.
  private static boolean computes(Method method) {
    return List.of(method.getParameterTypes()).contains(Matrix.class) && !method.getName().equals("copyOf");
  }

  private static String plain(String name) {
    return name.replace("_", "").toLowerCase(Locale.ROOT);
  }
}
