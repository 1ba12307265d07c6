package io.contraspectra.bindings.openblas;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.contraspectra.bindings.load.NativeUnavailableException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The steps of which LAPACK's divide and conquer for symmetric matrices is made, faithful to it: matrices are
 * column-major, and the caller brings the workspace. For callers who run several of them side by side.
 *
 * <p>No operand may overlap another. Every method throws {@link IllegalArgumentException} before anything is touched if
 * an argument does not fit, and {@link NativeUnavailableException} without OpenBLAS; thread-safety and life-times are
 * those of {@link Cblas}. NaN and infinities are not looked for.
 */
public final class LapackeTridiagonal {
  private static final int COLUMN_MAJOR = 102;
  private static final int QUERY = -1;
  private static final byte IDENTITY = 'I';
  private static final byte FORWARD = 'F';
  private static final byte COLUMNS = 'C';

  private static final FunctionDescriptor SYTRD = FunctionDescriptor.of(JAVA_INT,
      JAVA_INT, JAVA_BYTE, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
  private static final FunctionDescriptor STEDC = FunctionDescriptor.of(JAVA_INT,
      JAVA_INT, JAVA_BYTE, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, JAVA_INT);
  private static final FunctionDescriptor LARFT = FunctionDescriptor.of(JAVA_INT,
      JAVA_INT, JAVA_BYTE, JAVA_BYTE, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  // LAPACKE has no entry for it: Fortran's, where all arguments are addresses.
  private static final FunctionDescriptor LAED1 = FunctionDescriptor.ofVoid(
      ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);

  private static final MethodHandle DSYTRD = OpenBlas.bind("LAPACKE_dsytrd_work", SYTRD);
  private static final MethodHandle SSYTRD = OpenBlas.bind("LAPACKE_ssytrd_work", SYTRD);
  private static final MethodHandle DSTEDC = OpenBlas.bind("LAPACKE_dstedc_work", STEDC);
  private static final MethodHandle SSTEDC = OpenBlas.bind("LAPACKE_sstedc_work", STEDC);
  private static final MethodHandle DLARFT = OpenBlas.bind("LAPACKE_dlarft_work", LARFT);
  private static final MethodHandle SLARFT = OpenBlas.bind("LAPACKE_slarft_work", LARFT);
  private static final MethodHandle DLAED1 = OpenBlas.bind("dlaed1_", LAED1);
  private static final MethodHandle SLAED1 = OpenBlas.bind("slaed1_", LAED1);

  private LapackeTridiagonal() {}

  /** Elements of workspace with which {@link #sytrd} runs fastest. */
  public static long sytrdWorkspace(Precision precision, long n) {
    Operands.requireSize(precision.name("sytrd"), "n", n);
    try (var arena = Arena.ofConfined()) {
      var none = MemorySegment.NULL;
      var work = arena.allocate(precision.bytes, precision.bytes);
      invokeSytrd(precision, Triangle.LOWER, n, none, Math.max(1, n), none, none, none, work, QUERY);
      double answer = precision == Precision.DOUBLE ? work.get(JAVA_DOUBLE, 0) : work.get(JAVA_FLOAT, 0);
      return Math.max(1, (long) answer);
    }
  }

  /**
   * A = Q T Qᵀ with a tridiagonal T and a product Q of n − 1 reflections {@code I − τ v vᵀ}.
   *
   * @param triangle the half of A, seen column-major, that is read; LAPACK says where in it the vectors v are left
   * @param a n x n, column-major; overwritten
   * @param d n elements, written: the diagonal of T
   * @param e n − 1 elements, written: what stands beside it
   * @param tau n − 1 elements, written
   * @param work scratch; its size in elements is what LAPACK may use, see {@link #sytrdWorkspace}
   */
  public static void sytrd(
      Precision precision, Triangle triangle, long n, MemorySegment a, long lda, MemorySegment d, MemorySegment e,
      MemorySegment tau, MemorySegment work) {
    String routine = precision.name("sytrd");
    Operands.requireSize(routine, "n", n);
    Operands.requireOutput(routine, "A", a, n, n, lda, precision.bytes);
    Operands.requireOutput(routine, "d", d, n, precision.bytes);
    Operands.requireOutput(routine, "e", e, Math.max(0, n - 1), precision.bytes);
    Operands.requireOutput(routine, "tau", tau, Math.max(0, n - 1), precision.bytes);
    Operands.requireOutput(routine, "work", work, 1, precision.bytes);
    requireDisjoint(routine, new String[] {"A", "d", "e", "tau", "work"}, extent(precision, n, a, lda), d, e, tau, work);
    if (n > 0) {
      requireAccepted(routine, invokeSytrd(precision, triangle, n, a, lda, d, e, tau, work, elements(work, precision)));
    }
  }

  /** Elements of {@code work} that {@link #stedc} and {@link #laed1} need; as many 4-byte integers are enough. */
  public static long workspace(long n) {
    return 1 + 4 * n + n * n;
  }

  /**
   * All eigenpairs of a symmetric tridiagonal matrix, by divide and conquer.
   *
   * @param d n elements: the diagonal; overwritten with the eigenvalues, ascending
   * @param e n − 1 elements: what stands beside it; destroyed
   * @param z n x n, column-major, written: the eigenvectors, one a column
   * @param work at least {@link #workspace} elements
   * @param iwork at least 3 + 5 n integers of 4 bytes
   * @return LAPACK's info: 0 done, positive if the algorithm did not converge
   */
  public static int stedc(
      Precision precision, long n, MemorySegment d, MemorySegment e, MemorySegment z, long ldz, MemorySegment work,
      MemorySegment iwork) {
    String routine = precision.name("stedc");
    Operands.requireSize(routine, "n", n);
    Operands.requireOutput(routine, "d", d, n, precision.bytes);
    Operands.requireOutput(routine, "e", e, Math.max(0, n - 1), precision.bytes);
    Operands.requireOutput(routine, "Z", z, n, n, ldz, precision.bytes);
    Operands.requireOutput(routine, "work", work, workspace(n), precision.bytes);
    Operands.requireOutput(routine, "iwork", iwork, 3 + 5 * n, Integer.BYTES);
    requireDisjoint(routine, new String[] {"Z", "d", "e", "work", "iwork"}, extent(precision, n, z, ldz), d, e, work,
        iwork);
    if (n == 0) {
      return 0;
    }
    try {
      return (int) (precision == Precision.DOUBLE ? DSTEDC : SSTEDC).invokeExact(COLUMN_MAJOR, IDENTITY, (int) n, d, e,
          z, (int) ldz, work, elements(work, precision), iwork, elements(iwork, Integer.BYTES));
    } catch (Throwable t) {
      throw Downcall.failure(routine, t);
    }
  }

  /**
   * Eigenpairs of {@code diag(T1, T2) + rho u uᵀ} from those of T1, of order {@code cut}, and T2, where u is
   * {@code (e_last, ± e_first)} with the sign of rho. Entries of T should be of order 1: what is small beside 1 is
   * deflated.
   *
   * @param d n elements: the eigenvalues of T1 and of T2; overwritten
   * @param q n x n, column-major: the eigenvectors of T1 and T2 in blocks on the diagonal, zeros beside them;
   *     overwritten with the eigenvectors
   * @param order n integers: the places in either half of d, from 1, that sort it; overwritten with those that sort d
   * @param cut from 1 to n/2
   * @param work at least {@link #workspace} elements
   * @param iwork at least 4 n integers of 4 bytes
   * @return LAPACK's info: 0 done, positive if the algorithm did not converge
   */
  public static int laed1(
      Precision precision, long n, MemorySegment d, MemorySegment q, long ldq, MemorySegment order, double rho,
      long cut, MemorySegment work, MemorySegment iwork) {
    String routine = precision.name("laed1");
    Operands.requireSize(routine, "n", n);
    if (cut < 1 || cut > n / 2) {
      throw Operands.refusal(routine, "cut", "is " + cut + ", outside 1.." + n / 2);
    }
    Operands.requireOutput(routine, "d", d, n, precision.bytes);
    Operands.requireOutput(routine, "Q", q, n, n, ldq, precision.bytes);
    Operands.requireOutput(routine, "order", order, n, Integer.BYTES);
    Operands.requireOutput(routine, "work", work, workspace(n), precision.bytes);
    Operands.requireOutput(routine, "iwork", iwork, 4 * n, Integer.BYTES);
    requireDisjoint(routine, new String[] {"Q", "d", "order", "work", "iwork"}, extent(precision, n, q, ldq), d, order,
        work, iwork);
    try (var arena = Arena.ofConfined()) {
      var numbers = arena.allocate(JAVA_INT, 4);
      numbers.setAtIndex(JAVA_INT, 0, (int) n);
      numbers.setAtIndex(JAVA_INT, 1, (int) ldq);
      numbers.setAtIndex(JAVA_INT, 2, (int) cut);
      var factor = precision == Precision.DOUBLE
          ? arena.allocateFrom(JAVA_DOUBLE, rho) : arena.allocateFrom(JAVA_FLOAT, (float) rho);
      (precision == Precision.DOUBLE ? DLAED1 : SLAED1).invokeExact(numbers, d, q, numbers.asSlice(4), order, factor,
          numbers.asSlice(8), work, iwork, numbers.asSlice(12));
      return numbers.getAtIndex(JAVA_INT, 3);
    } catch (Throwable t) {
      throw Downcall.failure(routine, t);
    }
  }

  /**
   * The upper triangular T with {@code H_1 … H_k = I − V T Vᵀ} for reflections {@code H_i = I − τ_i v_i v_iᵀ}.
   *
   * @param m elements of each v
   * @param v m x k, column-major; v_i starts with i − 1 zeros and a one
   * @param tau k elements
   * @param t k x k, column-major, its upper triangle written
   */
  public static void larft(
      Precision precision, long m, long k, MemorySegment v, long ldv, MemorySegment tau, MemorySegment t, long ldt) {
    String routine = precision.name("larft");
    Operands.requireSize(routine, "m", m);
    Operands.requireSize(routine, "k", k);
    if (k > m) {
      throw Operands.refusal(routine, "V", "is " + m + "x" + k + "; it cannot have more columns than rows");
    }
    Operands.requireInput(routine, "V", v, k, m, ldv, precision.bytes);
    Operands.requireInput(routine, "tau", tau, 1, k, Math.max(1, k), precision.bytes);
    Operands.requireOutput(routine, "T", t, k, k, ldt, precision.bytes);
    Operands.requireDisjoint(routine, "T", t, k, k, ldt, "V", v, k, m, ldv, precision.bytes);
    Operands.requireDisjoint(routine, "T", t, k, k, ldt, "tau", tau, 1, k, Math.max(1, k), precision.bytes);
    if (k == 0) {
      return;
    }
    try {
      requireAccepted(routine, (int) (precision == Precision.DOUBLE ? DLARFT : SLARFT).invokeExact(
          COLUMN_MAJOR, FORWARD, COLUMNS, (int) m, (int) k, v, (int) ldv, tau, t, (int) ldt));
    } catch (Throwable failure) {
      throw Downcall.failure(routine, failure);
    }
  }

  private static int invokeSytrd(
      Precision precision, Triangle triangle, long n, MemorySegment a, long lda, MemorySegment d, MemorySegment e,
      MemorySegment tau, MemorySegment work, int lwork) {
    try {
      return (int) (precision == Precision.DOUBLE ? DSYTRD : SSYTRD)
          .invokeExact(COLUMN_MAJOR, triangle.lapack, (int) n, a, (int) lda, d, e, tau, work, lwork);
    } catch (Throwable t) {
      throw Downcall.failure(precision.name("sytrd"), t);
    }
  }

  private static MemorySegment extent(Precision precision, long n, MemorySegment a, long lda) {
    return a.asSlice(0, Math.min(a.byteSize(), n * lda * precision.bytes)); // lda may pad the last column too
  }

  private static void requireDisjoint(String routine, String[] names, MemorySegment... operands) {
    for (int i = 0; i < operands.length; i++) {
      for (int j = i + 1; j < operands.length; j++) {
        Operands.requireDisjoint(routine, names[i], operands[i], names[j], operands[j]);
      }
    }
  }

  // Arguments were checked, and these routines have no other way to fail.
  private static void requireAccepted(String routine, int info) {
    if (info != 0) {
      throw new AssertionError(routine + " refused argument " + -info);
    }
  }

  private static int elements(MemorySegment memory, Precision precision) {
    return elements(memory, precision.bytes);
  }

  private static int elements(MemorySegment memory, int bytes) {
    return (int) Math.min(Integer.MAX_VALUE, memory.byteSize() / bytes);
  }
}
