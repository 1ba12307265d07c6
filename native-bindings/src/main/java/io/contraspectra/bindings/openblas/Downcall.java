package io.contraspectra.bindings.openblas;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** What every downcall needs beside its own line. */
final class Downcall {
  private Downcall() {}

  /**
   * Passes on what Java's side of a call threw: a closed arena, a wrong thread, a missing library keep their own
   * exception. C throws nothing, so a checked exception is a fault of the binding.
   */
  static AssertionError failure(String symbol, Throwable thrown) {
    switch (thrown) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(symbol, thrown);
    }
  }

  /** Calls a routine that takes nothing and returns a C string of its own, whose length nobody states. */
  @SuppressWarnings("restricted")
  static String string(String symbol, MethodHandle routine) {
    try {
      return ((MemorySegment) routine.invokeExact()).reinterpret(Long.MAX_VALUE).getString(0);
    } catch (Throwable t) {
      throw failure(symbol, t);
    }
  }
}
