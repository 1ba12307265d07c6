package io.contraspectra.bindings.openblas;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.invoke.MethodHandle;

/**
 * What OpenBLAS says about itself, and how many threads it uses.
 *
 * <p>All of this is one state for the whole process. Reading it is safe from any thread; changing the thread count
 * while another thread is inside a BLAS call is for the caller to prevent.
 */
public final class OpenBlasControl {
  private static final FunctionDescriptor TO_INT = FunctionDescriptor.of(JAVA_INT);
  private static final FunctionDescriptor TO_STRING = FunctionDescriptor.of(ADDRESS);
  private static final FunctionDescriptor FROM_INT = FunctionDescriptor.ofVoid(JAVA_INT);

  private static final MethodHandle GET_NUM_THREADS = OpenBlas.bind("openblas_get_num_threads", TO_INT);
  private static final MethodHandle SET_NUM_THREADS = OpenBlas.bind("openblas_set_num_threads", FROM_INT);
  private static final MethodHandle GET_NUM_PROCS = OpenBlas.bind("openblas_get_num_procs", TO_INT);
  private static final MethodHandle GET_PARALLEL = OpenBlas.bind("openblas_get_parallel", TO_INT);
  private static final MethodHandle GET_CONFIG = OpenBlas.bind("openblas_get_config", TO_STRING);
  private static final MethodHandle GET_CORENAME = OpenBlas.bind("openblas_get_corename", TO_STRING);

  private OpenBlasControl() {}

  /** How OpenBLAS was built to use threads. */
  public enum Threading {
    /** One thread only. */
    SEQUENTIAL,
    /** A pool of its own. */
    PTHREADS,
    /** OpenMP's pool. */
    OPENMP
  }

  /** The number of threads that a call may use. */
  public static int threads() {
    return integer("openblas_get_num_threads", GET_NUM_THREADS);
  }

  /**
   * Sets the number of threads that every later call in this process may use, whichever Java thread makes it.
   *
   * @param count at least 1; OpenBLAS silently lowers it to the maximum that it was built for
   */
  public static void setThreads(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("openblas_set_num_threads: " + count + " threads, at least 1 is needed");
    }
    try {
      SET_NUM_THREADS.invokeExact(count);
    } catch (Throwable t) {
      throw Downcall.failure("openblas_set_num_threads", t);
    }
  }

  /** The number of processors that OpenBLAS sees, which need not be what a container allows. */
  public static int processors() {
    return integer("openblas_get_num_procs", GET_NUM_PROCS);
  }

  /** How this build uses threads. */
  public static Threading threading() {
    return Threading.values()[integer("openblas_get_parallel", GET_PARALLEL)];
  }

  /** Version and build options, for example {@code OpenBLAS 0.3.31 DYNAMIC_ARCH NO_AFFINITY Haswell MAX_THREADS=64}. */
  public static String config() {
    return Downcall.string("openblas_get_config", GET_CONFIG);
  }

  /** The processor family whose kernels were chosen for this machine, for example {@code SkylakeX}. */
  public static String coreName() {
    return Downcall.string("openblas_get_corename", GET_CORENAME);
  }

  private static int integer(String symbol, MethodHandle routine) {
    try {
      return (int) routine.invokeExact();
    } catch (Throwable t) {
      throw Downcall.failure(symbol, t);
    }
  }
}
