package io.contraspectra.bindings.memory;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;

/**
 * Anonymous pages of the process. Unlike an {@link Arena}'s own memory they are not written when they are allocated:
 * the system hands out zeros at the first touch, in huge pages where it supports them, by whichever thread gets there
 * first. They are not counted against the JVM's limit of direct memory, and go back to the system as soon as they are
 * freed.
 */
public final class Pages {

  private static final int READ_WRITE = 1 | 2;
  private static final int PRIVATE = 2;
  private static final int ADVICE_HUGE_PAGES = 14;
  private static final long FAILED = -1;

  private static final boolean LINUX = system("linux");
  private static final int ANONYMOUS = LINUX ? 0x20 : 0x1000;

  private static final Optional<MethodHandle> MAP = bind("mmap", FunctionDescriptor.of(
      JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final Optional<MethodHandle> UNMAP = bind("munmap", FunctionDescriptor.of(
      JAVA_INT, ADDRESS, JAVA_LONG));
  private static final Optional<MethodHandle> ADVISE = bind("madvise", FunctionDescriptor.of(
      JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

  private Pages() {}

  /** Whether this system has such pages, and this module may ask for them. */
  public static boolean available() {
    return MAP.isPresent() && UNMAP.isPresent();
  }

  /**
   * Maps pages that hold zeros.
   *
   * @param byteSize at least 1
   * @param arena frees the pages when it is closed
   * @return a segment of that size, aligned to a page
   * @throws OutOfMemoryError if the system has no more
   */
  public static MemorySegment map(long byteSize, Arena arena) {
    if (byteSize < 1) {
      throw new IllegalArgumentException("mmap: " + byteSize + " bytes; the size must be positive");
    }
    long address = call(MAP, byteSize);
    if (address == FAILED) {
      throw new OutOfMemoryError("the system has no " + byteSize + " bytes of memory to give");
    }
    MemorySegment pages = segment(address, byteSize, arena);
    if (LINUX) {
      // Advice: where it is refused, the pages are small ones.
      ADVISE.ifPresent(madvise -> advise(madvise, pages));
    }
    return pages;
  }

  @SuppressWarnings("restricted")
  private static MemorySegment segment(long address, long byteSize, Arena arena) {
    return MemorySegment.ofAddress(address).reinterpret(byteSize, arena, pages -> unmap(pages, byteSize));
  }

  private static long call(Optional<MethodHandle> map, long byteSize) {
    try {
      return (long) map.orElseThrow().invokeExact(
          MemorySegment.NULL, byteSize, READ_WRITE, PRIVATE | ANONYMOUS, -1, 0L);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError("mmap", t);
    }
  }

  private static void advise(MethodHandle madvise, MemorySegment pages) {
    try {
      int ignored = (int) madvise.invokeExact(pages, pages.byteSize(), ADVICE_HUGE_PAGES);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError("madvise", t);
    }
  }

  private static void unmap(MemorySegment pages, long byteSize) {
    try {
      int status = (int) UNMAP.orElseThrow().invokeExact(pages, byteSize);
      if (status != 0) {
        throw new AssertionError("bug: munmap refused " + byteSize + " bytes");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError("munmap", t);
    }
  }

  @SuppressWarnings("restricted")
  private static Optional<MethodHandle> bind(String symbol, FunctionDescriptor type) {
    if (!LINUX && !system("mac")) {
      return Optional.empty();
    }
    try {
      Linker linker = Linker.nativeLinker();
      return linker.defaultLookup().find(symbol).map(address -> linker.downcallHandle(address, type));
    } catch (IllegalCallerException e) {
      // Native access is denied; the first native library will say so, and how to allow it.
      return Optional.empty();
    }
  }

  private static boolean system(String name) {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith(name);
  }
}
