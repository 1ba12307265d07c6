package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.Matrix;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/** An engine that lets a test look at the operands of every operation while the operation runs. */
final class EngineProbe {

  private EngineProbe() {}

  /** Wraps {@code engine}; {@code inside} sees the operands of each operation before the engine does. */
  static Engine around(Engine engine, Consumer<List<Matrix>> inside) {
    return (Engine) Proxy.newProxyInstance(Engine.class.getClassLoader(), new Class<?>[] {Engine.class},
        (proxy, method, arguments) -> {
          List<Matrix> operands = matrices(arguments);
          if (!operands.isEmpty()) {
            inside.accept(operands);
          }
          try {
            return method.invoke(engine, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  // A proxy hands over null where a method has no parameters.
  private static List<Matrix> matrices(Object[] arguments) {
    return arguments == null
        ? List.of()
        : Arrays.stream(arguments).filter(Matrix.class::isInstance).map(Matrix.class::cast).toList();
  }
}
