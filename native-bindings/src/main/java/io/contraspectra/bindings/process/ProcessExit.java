package io.contraspectra.bindings.process;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Ends this process without asking anybody. */
public final class ProcessExit {

  private ProcessExit() {}

  /**
   * Ends the process at once by the C library's {@code _exit}. Every way out of the JVM, {@link Runtime#halt} too, goes
   * through {@code exit}, in which OpenBLAS waits for its threads to finish what they do, and at times for ever.
   *
   * @param code the exit code
   */
  @SuppressWarnings("restricted")
  public static void now(int code) {
    Linker linker = Linker.nativeLinker();
    Optional<MemorySegment> exit = linker.defaultLookup().find("_exit");
    try {
      if (exit.isPresent()) {
        linker.downcallHandle(exit.get(), FunctionDescriptor.ofVoid(ValueLayout.JAVA_INT)).invokeExact(code);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError("_exit", t);
    }
    Runtime.getRuntime().halt(code);
  }
}
