package io.contraspectra.core.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockPoolTest {

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 511, 512, 513, 4096, 5000, 1 << 20, (1 << 20) + 1, 123_456_789, 1L << 40, (1L << 40) + 7})
  void sizesAreRoundedUpByAnEighthAtMost(long bytes) {
    long rounded = BlockPool.rounded(bytes);
    assertTrue(rounded >= bytes && rounded % 512 == 0, rounded + " for " + bytes);
    assertTrue(rounded - bytes <= Math.max(512, bytes / 8), rounded + " for " + bytes);
    assertEquals(rounded, BlockPool.rounded(rounded), "a size serves itself");
  }

  @Test
  void blocksServeTheirSizeAndLittleLess() {
    var pool = new BlockPool();
    pool.give(7, 4096);
    assertEquals(0, pool.take(8192), "too small");
    assertEquals(0, pool.take(2048), "too wasteful");
    assertEquals(7, pool.take(3584));
    assertEquals(0, pool.take(3584), "taken already");
  }

  @Test
  void absorbedBlocksChangeTheirPool() {
    var pool = new BlockPool();
    var other = new BlockPool();
    other.give(1, 512);
    other.give(2, 512);
    pool.absorb(other);
    assertEquals(0, other.take(512));
    List<Long> freed = new ArrayList<>();
    pool.drain(freed::add);
    assertEquals(List.of(1L, 2L), freed.stream().sorted().toList());
    assertEquals(0, pool.take(512));
  }
}
