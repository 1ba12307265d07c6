package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.WrongBackend;

/** The checks that every operation makes on its operands before an engine sees them. */
final class Operands {

  private Operands() {}

  /** All operands must be reachable by the engine and share an element type. */
  static void check(Engine engine, String operation, Matrix... operands) {
    for (Matrix operand : operands) {
      reachable(engine, operation, operand);
      if (operand.dtype() != operands[0].dtype()) {
        throw new ShapeMismatch(operation + ": operands of one element type are needed, got " + operands[0].dtype()
            + " and " + operand.dtype() + "; convert one with Backend.copy");
      }
    }
  }

  static void reachable(Engine engine, String operation, Matrix operand) {
    if (!operand.memory().space().equals(engine.space())) {
      throw new WrongBackend(operation + ": " + operand + " cannot be reached by backend '" + engine.name()
          + "', which computes on " + engine.space() + " memory; copy it there first");
    }
  }

  /** Throws unless {@code holds}; the message is built only then. */
  static void require(boolean holds, String operation, String rule, Object... operandsAndNames) {
    if (!holds) {
      var text = new StringBuilder(operation).append(": ");
      for (int i = 0; i < operandsAndNames.length; i += 2) {
        text.append(i == 0 ? "" : ", ")
            .append(((Matrix) operandsAndNames[i + 1]).describe((String) operandsAndNames[i]));
      }
      throw new ShapeMismatch(text.append(": ").append(rule).toString());
    }
  }

  /** Throws unless a number of repetitions is at least 1. */
  static void positive(String operation, int repeat) {
    if (repeat < 1) {
      throw new InvalidArgument(operation + ": repeat is " + repeat + ", it must be at least 1");
    }
  }

  static void sameShape(String operation, Matrix x, Matrix y) {
    require(x.rows() == y.rows() && x.cols() == y.cols(), operation, "shapes must be equal", "X", x, "Y", y);
  }

  /** An output that must not share a single element with an input. */
  static void disjoint(String operation, Matrix output, Matrix input) {
    if (overlap(output, input)) {
      throw new ShapeMismatch(operation + ": the output " + output.describe("") + " overlaps an input; give it memory"
          + " of its own");
    }
  }

  /** An output that may be exactly an input, element for element, but must not overlap it in any other way. */
  static void sameOrDisjoint(String operation, Matrix output, Matrix input) {
    boolean sameSteps = output.leadingDimension() == input.leadingDimension() || output.rows() == 1;
    boolean same = output.memory() == input.memory() && output.offset() == input.offset()
        && sameSteps && output.cols() == input.cols();
    if (!same) {
      disjoint(operation, output, input);
    }
  }

  private static boolean overlap(Matrix a, Matrix b) {
    if (a.memory() != b.memory() || a.size() == 0 || b.size() == 0) {
      return false;
    }
    long aStart = a.offset() * a.dtype().bytes();
    long bStart = b.offset() * b.dtype().bytes();
    boolean rangesMeet = aStart < bStart + spanBytes(b) && bStart < aStart + spanBytes(a);
    return rangesMeet && !(a.dtype() == b.dtype() && interleave(a, b));
  }

  // Two blocks of columns of one matrix: their address ranges meet, their elements do not.
  private static boolean interleave(Matrix a, Matrix b) {
    long ld = a.leadingDimension();
    if (ld != b.leadingDimension()) {
      return false;
    }
    long shift = Math.floorMod(b.offset() - a.offset(), ld);
    return shift >= a.cols() && shift + b.cols() <= ld;
  }

  private static long spanBytes(Matrix m) {
    return ((m.rows() - 1) * m.leadingDimension() + m.cols()) * m.dtype().bytes();
  }

  /** Runs {@code call} while all operands are held, so that nobody can close them under it. */
  static void holding(Runnable call, Matrix... operands) {
    int held = 0;
    try {
      for (; held < operands.length; held++) {
        operands[held].memory().retain();
      }
      call.run();
    } finally {
      while (held > 0) {
        operands[--held].memory().release();
      }
    }
  }
}
