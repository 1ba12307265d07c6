package io.contraspectra.bindings.cuda;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.util.function.IntFunction;

/** A downcall that returns a status. */
@FunctionalInterface
interface Call {

  /** Invokes the handle. */
  int status() throws Throwable;

  /** The signature of a function that returns a status. */
  static FunctionDescriptor signature(MemoryLayout... parameters) {
    return FunctionDescriptor.of(JAVA_INT, parameters);
  }

  /**
   * Makes a call.
   *
   * @param names gives the name of a status other than 0
   * @throws CudaException if the status is not 0
   */
  static void check(String name, IntFunction<String> names, Call call) {
    int status = plain(name, call);
    if (status != 0) {
      throw new CudaException(name, names.apply(status), "");
    }
  }

  /** Makes a call and returns its status. A missing library keeps its own exception. */
  static int plain(String name, Call call) {
    try {
      return call.status();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw new AssertionError(name, t); // C throws nothing
    }
  }

  /** A C string of the library's own, whose length nobody states. */
  @SuppressWarnings("restricted")
  static String text(MemorySegment address) {
    return address.equals(MemorySegment.NULL) ? "" : address.reinterpret(Long.MAX_VALUE).getString(0);
  }
}
