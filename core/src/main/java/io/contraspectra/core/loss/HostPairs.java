package io.contraspectra.core.loss;

/**
 * Where a {@link HostImportance} works: arrays on the host that an evaluation keeps from one block to the next.
 *
 * @param counts m x N, 1 where a pair counts
 * @param values m x N
 * @param losses one number a row
 * @param row values of one anchor's negatives
 * @param scratch as many again
 */
record HostPairs(HostNumbers counts, HostNumbers values, HostNumbers losses, HostNumbers row, HostNumbers scratch) {

  HostPairs() {
    this(new HostNumbers(), new HostNumbers(), new HostNumbers(), new HostNumbers(), new HostNumbers());
  }
}
