package io.contraspectra.core.backend.cuda;

import io.contraspectra.core.matrix.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;

/**
 * Reductions to one number, level by level: {@value #CHUNK} elements become one, in an order that depends on the shape
 * alone.
 */
final class Reductions {

  /** Elements that a block reduces to one; the kernels know it too. */
  private static final long CHUNK = 4096;
  /** Rows that a block sums in one go; the kernels know it too. */
  private static final long STRIP = 512;

  private final Kernels kernels;

  Reductions(Kernels kernels) {
    this.kernels = kernels;
  }

  double sum(Lane lane, Operand x) {
    return reduce(lane, "sum", "sumParts", 0, x);
  }

  double dot(Lane lane, Operand x, Operand y) {
    return reduce(lane, "dot", "sumParts", 0, x, y);
  }

  double sumSquaredDifferences(Lane lane, Operand x, Operand y) {
    return reduce(lane, "sumSquaredDifferences", "sumParts", 0, x, y);
  }

  double maxAbs(Lane lane, Operand x) {
    return reduce(lane, "maxAbs", "maxParts", 0, x);
  }

  /** Row-major index of the first NaN or infinity, or -1. Exact: no matrix has 2^53 elements. */
  long firstNonFinite(Lane lane, Operand x) {
    double first = reduce(lane, "firstNonFinite", "minParts", Double.POSITIVE_INFINITY, x);
    return first == Double.POSITIVE_INFINITY ? -1 : (long) first;
  }

  void rowDots(Lane lane, Operand x, Operand y, Operand column) {
    kernels.launch(lane, x.dtype(), "rowDots").matrices(x, y, column).squares(Math.ceilDiv(x.rows(), 8));
  }

  void columnSums(Lane lane, double alpha, Operand x, double beta, Operand row) {
    if (row.size() == 0) {
      return;
    }
    long strips = Math.ceilDiv(x.rows(), STRIP);
    lane.scratch(strips * x.cols() * Double.BYTES, address -> {
      Operand sums = Operand.packed(address, DType.F64, strips, x.cols());
      kernels.launch(lane, x.dtype(), "columnStrips").matrices(x, sums).squares(strips * Math.ceilDiv(x.cols(), 32));
      kernels.launch(lane, x.dtype(), "addStrips").real(alpha).matrix(sums).real(beta).matrix(row)
          .each(1, row.cols());
    });
  }

  private double reduce(Lane lane, String first, String next, double ofNothing, Operand... operands) {
    long size = operands[0].size();
    if (size == 0) {
      return ofNothing;
    }
    long chunks = Math.ceilDiv(size, CHUNK);
    long above = Math.ceilDiv(chunks, CHUNK);
    return lane.withScratch((chunks + above) * Double.BYTES, address -> {
      DType dtype = operands[0].dtype();
      kernels.launch(lane, dtype, first).matrices(operands).integer(address).blocks(chunks);
      long count = chunks;
      long from = address;
      long to = address + chunks * Double.BYTES;
      while (count > 1) {
        kernels.launch(lane, dtype, next).integer(from).integer(count).integer(to).blocks(Math.ceilDiv(count, CHUNK));
        count = Math.ceilDiv(count, CHUNK);
        long done = from;
        from = to;
        to = done;
      }
      return read(lane, from);
    });
  }

  private static double read(Lane lane, long address) {
    try (var arena = Arena.ofConfined()) {
      var value = arena.allocate(ValueLayout.JAVA_DOUBLE);
      lane.staging().copyOut(address, value);
      return value.get(ValueLayout.JAVA_DOUBLE, 0);
    }
  }
}
