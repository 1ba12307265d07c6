package io.contraspectra.core.data;

/**
 * Walks an array that is stored with its first axis fastest in the order that has its last axis fastest, and says where
 * each element is stored.
 */
final class FortranOrder {

  private final long[] sizes;
  private final long[] strides;
  private final long[] index;
  private long position;

  FortranOrder(Shape shape) {
    sizes = shape.toArray();
    strides = new long[sizes.length];
    index = new long[sizes.length];
    long stride = 1;
    for (int axis = 0; axis < sizes.length; axis++) {
      strides[axis] = stride;
      // Only an empty array, which is never walked, can overflow here.
      stride *= sizes[axis];
    }
  }

  /** Stored position of the next element. */
  long next() {
    long current = position;
    for (int axis = sizes.length - 1; axis >= 0; axis--) {
      position += strides[axis];
      if (++index[axis] < sizes[axis]) {
        return current;
      }
      position -= strides[axis] * sizes[axis];
      index[axis] = 0;
    }
    return current;
  }
}
