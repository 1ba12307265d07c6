package io.contraspectra.core.backend;

import java.util.List;

/**
 * The sizes from which the shapes of all operands of a call follow.
 *
 * @param m rows of the result
 * @param n columns of the result
 * @param k inner size of products
 * @param repeat the factor K between a matrix and its repeated or Kronecker form
 */
record Sizes(int m, int n, int k, int repeat) {

  /** Empty, single, odd, whole vectors, and more than a cache-sized piece in every direction. */
  static final List<Sizes> CONTRACT = List.of(
      new Sizes(0, 0, 0, 1), new Sizes(0, 3, 2, 3), new Sizes(3, 0, 2, 3), new Sizes(3, 4, 0, 4), new Sizes(1, 1, 1, 1),
      new Sizes(1, 17, 3, 4), new Sizes(17, 1, 5, 3), new Sizes(2, 3, 9, 10), new Sizes(8, 16, 32, 4),
      new Sizes(33, 31, 7, 10), new Sizes(3, 2100, 2, 1), new Sizes(3, 401, 2, 3), new Sizes(40, 67, 129, 3));

  /** Enough elements for an engine to share them out among threads. */
  static final Sizes LARGE = new Sizes(300, 401, 3, 1);
}
