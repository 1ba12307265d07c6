package io.contraspectra.core.random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class RandomStreamsTest {

  @Test
  void aStreamDependsOnSeedAndNameAlone() {
    var streams = RandomStreams.of(7);
    long first = streams.named("init/W1").nextLong();
    streams.named("init/W2").nextLong();
    assertEquals(first, RandomStreams.of(7).named("init/W1").nextLong());
    assertNotEquals(first, RandomStreams.of(7).named("init/W2").nextLong());
    assertNotEquals(first, RandomStreams.of(8).named("init/W1").nextLong());
  }

  /** Published numbers rest on these; a change of algorithm must be deliberate. */
  @Test
  void theNumbersOfAStreamNeverChange() {
    var stream = RandomStreams.of(1).named("test");
    assertEquals(-528726550240108461L, stream.nextLong());
    assertEquals(-0.7754051750688157, stream.nextGaussian());
  }
}
