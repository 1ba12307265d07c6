package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.matrix.ContraSpectraException;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.NoOpenMemory;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.UseAfterClose;
import io.contraspectra.core.matrix.WrongBackend;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation refuses operands of the wrong shape, place, type or age, and says what was wrong with which. */
@ExtendWith(NoOpenMemory.class)
class OperandErrorsTest {

  /** All sizes differ, so that no wrong operand is right by chance. */
  private static final Sizes SIZES = new Sizes(3, 5, 7, 2);

  private final Backend backend = new Backend(new ReferenceEngine());
  private final Backend elsewhere = new Backend(new OpaqueEngine(new ReferenceEngine()));

  @AfterEach
  void close() {
    elsewhere.close();
    backend.close();
  }

  @ParameterizedTest
  @MethodSource("io.contraspectra.core.backend.BackendCall#all")
  void wrongShapes(BackendCall call) {
    for (int i = 0; i < call.shapes(SIZES).size(); i++) {
      Shape right = call.shapes(SIZES).get(i);
      requireRefusal(call, i, new Shape(right.rows() + 1, right.cols()));
      requireRefusal(call, i, new Shape(right.rows(), right.cols() + 1));
    }
  }

  private void requireRefusal(BackendCall call, int operand, Shape wrong) {
    var shapes = new ArrayList<>(call.shapes(SIZES));
    shapes.set(operand, wrong);
    if (!fitOtherSizes(call, shapes)) {
      try (var operands = new OpenMatrices(backend, shapes)) {
        requireMessage(ShapeMismatch.class, call, operands, call.operation() + ": ", "(" + wrong + ")");
      }
    }
  }

  // One operand may grow alone where no other depends on that size: the rows of a matrix to which a row is added.
  private static boolean fitOtherSizes(BackendCall call, List<Shape> shapes) {
    return Stream.of(new Sizes(SIZES.m() + 1, SIZES.n(), SIZES.k(), SIZES.repeat()),
            new Sizes(SIZES.m(), SIZES.n() + 1, SIZES.k(), SIZES.repeat()),
            new Sizes(SIZES.m(), SIZES.n(), SIZES.k() + 1, SIZES.repeat()))
        .anyMatch(sizes -> call.shapes(sizes).equals(shapes));
  }

  @ParameterizedTest
  @MethodSource("io.contraspectra.core.backend.BackendCall#all")
  void operandsOfAnotherBackend(BackendCall call) {
    List<Shape> shapes = call.shapes(SIZES);
    for (int i = 0; i < shapes.size(); i++) {
      try (var operands = new OpenMatrices(backend, shapes).replace(i, elsewhere, DType.F64, shapes.get(i))) {
        requireMessage(WrongBackend.class, call, operands, call.operation() + ": ", "(" + shapes.get(i) + ")",
            "'reference'", "host", "opaque");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.contraspectra.core.backend.BackendCall#all")
  void mixedElementTypes(BackendCall call) {
    List<Shape> shapes = call.shapes(SIZES);
    for (int i = 0; i < shapes.size() && shapes.size() > 1 && call != OutputCall.COPY; i++) {
      try (var operands = new OpenMatrices(backend, shapes).replace(i, backend, DType.F32, shapes.get(i))) {
        requireMessage(ShapeMismatch.class, call, operands, call.operation() + ": ", "F32", "F64", "Backend.copy");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("io.contraspectra.core.backend.BackendCall#all")
  void closedOperands(BackendCall call) {
    for (int i = 0; i < call.shapes(SIZES).size(); i++) {
      try (var operands = new OpenMatrices(backend, call.shapes(SIZES))) {
        operands.all()[i].close();
        requireMessage(UseAfterClose.class, call, operands, "was closed", "keep the owner open");
      }
    }
  }

  /** The output starts one element after an input, so they share elements at different places. */
  @ParameterizedTest
  @EnumSource
  void outputsThatOverlapAnInput(OutputCall call) {
    List<Shape> shapes = call.shapes(SIZES);
    int output = shapes.size() - 1;
    for (int input = 0; input < output; input++) {
      try (var operands = new OpenMatrices(backend, shapes); Matrix shared = backend.zeros(DType.F64, 1, 1000)) {
        Matrix[] overlapping = operands.all();
        overlapping[input] = laid(shared, 0, shapes.get(input));
        overlapping[output] = laid(shared, 1, shapes.get(output));
        requireMessage(ShapeMismatch.class, call, overlapping, call.operation() + ": ", "overlaps an input");
      }
    }
  }

  private static Matrix laid(Matrix over, long offset, Shape shape) {
    return Matrix.over(over.memory(), DType.F64, offset, shape.rows(), shape.cols(), shape.cols());
  }

  private void requireMessage(
      Class<? extends ContraSpectraException> type, BackendCall call, OpenMatrices operands, String... parts) {
    requireMessage(type, call, operands.all(), parts);
  }

  private void requireMessage(
      Class<? extends ContraSpectraException> type, BackendCall call, Matrix[] operands, String... parts) {
    String message = assertThrows(type, () -> call.run(backend, SIZES, 1, 1, operands), call::toString).getMessage();
    for (String part : parts) {
      assertTrue(message.contains(part), () -> call + ": '" + part + "' is missing in: " + message);
    }
  }
}
