package io.contraspectra.bindings.openblas;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;

/**
 * The checks between Java and C: whatever passes here cannot crash the JVM, nor reach BLAS's own error handler, which
 * prints and returns.
 *
 * <p>A matrix is given by how it lies in memory: {@code lines} lines of {@code length} elements each, one every
 * {@code ld} elements. Those are the rows of a row-major matrix and the columns of a column-major one. The checks
 * allocate nothing and cost a few nanoseconds; texts are composed only for a failure.
 */
final class Operands {
  private Operands() {}

  /** Sizes are {@code long} in Java and 32-bit in C. */
  static void requireSize(String routine, String name, long size) {
    if (size < 0 || size > Integer.MAX_VALUE) {
      throw refusal(routine, name, "is " + size + ", outside 0.." + Integer.MAX_VALUE);
    }
  }

  /** An operand that is read. */
  static void requireInput(
      String routine, String name, MemorySegment memory, long lines, long length, long ld, int bytes) {
    if (ld < Math.max(1, length) || ld > Integer.MAX_VALUE) {
      throw refusal(routine, name, "%dx%d needs a leading dimension in %d..%d, not %d"
          .formatted(lines, length, Math.max(1, length), Integer.MAX_VALUE, ld));
    }
    if (!memory.isNative()) {
      throw refusal(routine, name, "lies on the Java heap; native memory (an Arena's) is needed");
    }
    long span = span(lines, length, ld);
    if (span > memory.byteSize() / bytes) {
      throw refusal(routine, name, "needs %dx%d with leading dimension %d = %s bytes, segment has %d".formatted(
          lines, length, ld, BigInteger.valueOf(span).multiply(BigInteger.valueOf(bytes)), memory.byteSize()));
    }
    if (memory.address() % bytes != 0) {
      throw refusal(routine, name, "starts at address 0x%x, which is no multiple of its element's %d bytes"
          .formatted(memory.address(), bytes));
    }
  }

  /** An operand that is written. */
  static void requireOutput(
      String routine, String name, MemorySegment memory, long lines, long length, long ld, int bytes) {
    requireInput(routine, name, memory, lines, length, ld, bytes);
    if (memory.isReadOnly()) {
      throw refusal(routine, name, "is written to, and its segment is read-only");
    }
  }

  /** A written vector, which is a matrix of one line. */
  static void requireOutput(String routine, String name, MemorySegment memory, long length, int bytes) {
    requireOutput(routine, name, memory, 1, length, Math.max(1, length), bytes);
  }

  /**
   * A written matrix shares no element with another operand. Both passed the checks above.
   *
   * <p>With equal leading dimensions this is exact, so that two blocks of one matrix may lie side by side: their
   * address ranges interleave. With different ones, ranges that interleave are refused.
   */
  static void requireDisjoint(
      String routine,
      String outName, MemorySegment out, long outLines, long outLength, long outLd,
      String inName, MemorySegment in, long inLines, long inLength, long inLd,
      int bytes) {
    long offset = (out.address() - in.address()) / bytes;
    long outSpan = span(outLines, outLength, outLd);
    long inSpan = span(inLines, inLength, inLd);
    if (offset >= inSpan || -offset >= outSpan || inSpan == 0 || outSpan == 0) {
      return;
    }
    if (outLd == inLd) {
      long column = Math.floorMod(offset, inLd); // where a line of the output starts, counted along the input's lines
      if (column >= inLength && column + outLength <= inLd) {
        return;
      }
    }
    throw refusal(routine, outName, "is written to, and overlaps " + inName + " in memory");
  }

  /** Two written vectors share no element. */
  static void requireDisjoint(
      String routine, String name, MemorySegment memory, String otherName, MemorySegment other) {
    if (memory.asOverlappingSlice(other).isPresent()) {
      throw refusal(routine, name, "is written to, and overlaps " + otherName + " in memory");
    }
  }

  /** Elements from the first to the last; below 2^62 for sizes that passed the checks. */
  private static long span(long lines, long length, long ld) {
    return lines == 0 || length == 0 ? 0 : (lines - 1) * ld + length;
  }

  static IllegalArgumentException refusal(String routine, String operand, String fault) {
    return new IllegalArgumentException(routine + ": " + operand + " " + fault);
  }
}
