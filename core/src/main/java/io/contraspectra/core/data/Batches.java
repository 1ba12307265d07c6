package io.contraspectra.core.data;

import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.random.RandomDraws;
import io.contraspectra.core.random.RandomStreams;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which samples make up the batch of a step: a new random order every epoch, cut into batches, the incomplete rest left
 * out. A batch of all samples keeps them in order.
 */
final class Batches {

  private final int size;
  private final int batch;
  private final RandomStreams streams;
  private long epoch = -1;
  private int[] order;

  Batches(String data, int size, int batch, RandomStreams streams) {
    if (batch < 1 || batch > size) {
      throw new InvalidArgument("batches of " + batch + " samples: " + data + " has " + size
          + "; give a batch of 1 to " + size);
    }
    this.size = size;
    this.batch = batch;
    this.streams = streams;
    this.order = IntStream.range(0, size).toArray();
  }

  boolean isFull() {
    return batch == size;
  }

  int[] of(long step) {
    if (isFull()) {
      return order;
    }
    long perEpoch = size / batch;
    if (step / perEpoch != epoch) {
      epoch = step / perEpoch;
      order = RandomDraws.distinct(streams.named("batches/epoch " + epoch), size, size);
    }
    int from = (int) (step % perEpoch) * batch;
    return Arrays.copyOfRange(order, from, from + batch);
  }
}
