package io.contraspectra.bindings.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PagesTest {

  private static final long BYTES = (5 << 20) + 3;

  @BeforeEach
  void requirePages() {
    assumeTrue(Pages.available(), "this system has no mmap");
  }

  @Test
  void holdZerosAndKeepWhatIsWritten() {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment pages = Pages.map(BYTES, arena);
      assertEquals(BYTES, pages.byteSize());
      assertEquals(0, pages.address() % 4096);
      assertEquals(-1, pages.mismatch(arena.allocate(BYTES)), "all zeros");
      pages.set(ValueLayout.JAVA_BYTE, BYTES - 1, (byte) 7);
      assertEquals(7, pages.get(ValueLayout.JAVA_BYTE, BYTES - 1));
    }
  }

  @Test
  void areGoneWithTheirArena() {
    MemorySegment pages;
    try (Arena arena = Arena.ofShared()) {
      pages = Pages.map(BYTES, arena);
    }
    assertThrows(IllegalStateException.class, () -> pages.get(ValueLayout.JAVA_BYTE, 0));
  }

  @Test
  void refuseSizesThatCannotBe() {
    try (Arena arena = Arena.ofConfined()) {
      assertThrows(IllegalArgumentException.class, () -> Pages.map(0, arena));
      assertThrows(OutOfMemoryError.class, () -> Pages.map(1L << 60, arena));
    }
  }
}
