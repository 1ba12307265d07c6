package io.contraspectra.core.ntk;

import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Network;

/** The samples of one set of inputs, group after group, each with its signals. One thread at a time; close it. */
final class SignalGroups implements AutoCloseable {

  private final SampleBlocks blocks;
  private final long heldBlocks;
  private final InputSignals signals;

  /** Allocates the signals of one group; nothing is computed yet. */
  SignalGroups(Network network, Matrix x, SignalNeeds needs, FactorPlan plan) {
    this.blocks = plan.blocks();
    this.heldBlocks = plan.heldBlocks();
    this.signals = new InputSignals(network, x, needs, blocks, plan.capacity());
  }

  /** The signals; of those samples that the current group holds. */
  InputSignals signals() {
    return signals;
  }

  /** Samples {@code first} to {@code first + count - 1}, whose signals are held. */
  record Group(long first, long count, long chunk) {

    long chunks() {
      return Math.ceilDiv(count, chunk);
    }

    /** First sample of a chunk. */
    long first(long index) {
      return first + index * chunk;
    }

    /** Samples of a chunk. */
    long size(long index) {
      return Math.min(chunk, count - index * chunk);
    }
  }

  /** What is done with a group. */
  interface Task {
    void run(Group group);
  }

  /** One group after the other, from the first to the last. */
  void ascending(Task task) {
    for (long from = 0; from < blocks.count(); from += heldBlocks) {
      task.run(group(from));
    }
  }

  /** One group after the other, from the last, which {@link #ascending} has left in place, to the first. */
  void descending(Task task) {
    for (long group = Math.ceilDiv(blocks.count(), heldBlocks) - 1; group >= 0; group--) {
      task.run(group(group * heldBlocks));
    }
  }

  private Group group(long from) {
    long first = blocks.first(from);
    long count = blocks.span(from, Math.min(blocks.count(), from + heldBlocks));
    if (!signals.holds(0, first, count)) {
      signals.load(0, first, count);
    }
    return new Group(first, count, blocks.chunk());
  }

  @Override
  public void close() {
    signals.close();
  }
}
