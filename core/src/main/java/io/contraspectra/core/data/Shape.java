package io.contraspectra.core.data;

import io.contraspectra.core.matrix.ShapeMismatch;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Sizes of an array along its axes; no axis means a scalar. Sizes are not negative and their product fits into 63 bits.
 */
record Shape(List<Long> sizes) {

  /** As many axes as NumPy allows. */
  static final int MAX_RANK = 64;

  /**
   * Checks the sizes.
   *
   * @throws IllegalArgumentException with a phrase that says what is wrong with the shape
   */
  Shape {
    sizes = List.copyOf(sizes);
    if (sizes.size() > MAX_RANK) {
      throw new IllegalArgumentException("has " + sizes.size() + " axes, at most " + MAX_RANK + " are possible");
    }
    if (sizes.stream().anyMatch(size -> size < 0)) {
      throw new IllegalArgumentException("has a negative size");
    }
    try {
      product(sizes);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("has more elements than any memory can hold", e);
    }
  }

  static Shape of(long... sizes) {
    return new Shape(LongStream.of(sizes).boxed().toList());
  }

  /**
   * A shape for elements that are there.
   *
   * @throws ShapeMismatch if it does not hold exactly {@code elements} of them
   */
  static Shape holding(long elements, long... sizes) {
    try {
      Shape shape = of(sizes);
      if (shape.elements() == elements) {
        return shape;
      }
    } catch (IllegalArgumentException _) {
      // An impossible shape does not hold them either.
    }
    throw new ShapeMismatch("shape " + Arrays.toString(sizes) + " does not hold the " + elements + " elements given");
  }

  int rank() {
    return sizes.size();
  }

  long size(int axis) {
    return sizes.get(axis);
  }

  /** Number of elements. */
  long elements() {
    return product(sizes);
  }

  long[] toArray() {
    return sizes.stream().mapToLong(Long::longValue).toArray();
  }

  // An empty axis makes the array empty, however long the others are.
  private static long product(List<Long> sizes) {
    return sizes.contains(0L) ? 0 : sizes.stream().reduce(1L, Math::multiplyExact);
  }

  /** As Python writes it: {@code ()}, {@code (3,)}, {@code (4, 3)}. */
  @Override
  public String toString() {
    String list = sizes.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return rank() == 1 ? "(" + list + ",)" : "(" + list + ")";
  }
}
