package io.contraspectra.core.matrix;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A block of memory: its bounds and its life. */
@ExtendWith(NoOpenMemory.class)
class MemoryTest {

  @Test
  void newHostMemoryIsZeroAlignedAndCounted() {
    long open = MemoryLedger.openBytes();
    try (var memory = HostMemory.allocate(100)) {
      assertEquals(0, memory.segment().address() % 64);
      assertEquals(-1, memory.segment().mismatch(MemorySegment.ofArray(new byte[100])));
      assertEquals(open + 100, MemoryLedger.openBytes());
    }
  }

  @Test
  void negativeSizesAreRefused() {
    String message = assertThrows(InvalidArgument.class, () -> HostMemory.allocate(-1)).getMessage();
    assertEquals("cannot allocate -1 bytes: sizes must not be negative", message);
  }

  /** No size may wrap around on its way to the system, where a small block would then pose as a large one. */
  @Test
  void moreThanTheSystemHasIsAnOutOfMemoryError() {
    for (long bytes : new long[] {1L << 62, Long.MAX_VALUE - 128, Long.MAX_VALUE - 63, Long.MAX_VALUE}) {
      assertThrows(OutOfMemoryError.class, () -> HostMemory.allocate(bytes), () -> bytes + " bytes");
    }
  }

  @Test
  void copiesOutsideAreRefused() {
    try (var memory = HostMemory.allocate(16)) {
      MemorySegment eight = MemorySegment.ofArray(new byte[8]);
      for (long offset : new long[] {-1, 9, 16, Long.MAX_VALUE, Long.MIN_VALUE}) {
        assertThrows(IndexOutOfBoundsException.class, () -> memory.read(offset, eight), () -> "read at " + offset);
        assertThrows(IndexOutOfBoundsException.class, () -> memory.write(offset, eight), () -> "write at " + offset);
      }
      assertDoesNotThrow(() -> memory.read(16, MemorySegment.ofArray(new byte[0])));
    }
  }

  @Test
  void heldMemoryStaysOpenUntilReleased() {
    var memory = HostMemory.allocate(16);
    memory.retain();
    String refusal = assertThrows(InUse.class, memory::close).getMessage();
    assertTrue(refusal.contains("cannot close 16 bytes of host memory"), refusal);
    assertEquals(16, memory.segment().byteSize());
    memory.release();
    memory.close();
    assertTrue(memory.isClosed());
    memory.close();
  }

  @Test
  void closedMemoryRefusesEverything() {
    var memory = HostMemory.allocate(16);
    memory.close();
    MemorySegment eight = MemorySegment.ofArray(new byte[8]);
    assertThrows(UseAfterClose.class, () -> memory.read(0, eight));
    assertThrows(UseAfterClose.class, () -> memory.write(0, eight));
    String message = assertThrows(UseAfterClose.class, memory::retain).getMessage();
    assertTrue(message.contains("16 bytes, host"), message);
    assertThrows(IllegalStateException.class, () -> memory.segment().fill((byte) 0));
  }

  /** Somebody who closes while others start calls: each call sees the whole memory or none of it. */
  @Test
  void closeRacesWithUseAndOneOfThemIsRefused() throws InterruptedException {
    for (int round = 0; round < 500; round++) {
      var memory = HostMemory.allocate(8);
      Thread user = Thread.ofPlatform().start(() -> readUntilClosed(memory));
      while (!closed(memory)) {
        Thread.onSpinWait();
      }
      user.join();
      assertTrue(memory.isClosed());
    }
  }

  private static void readUntilClosed(Memory memory) {
    MemorySegment target = MemorySegment.ofArray(new byte[8]);
    while (true) {
      try {
        memory.read(0, target);
      } catch (UseAfterClose e) {
        return;
      }
    }
  }

  private static boolean closed(Memory memory) {
    try {
      memory.close();
      return true;
    } catch (InUse e) {
      return false;
    }
  }
}
