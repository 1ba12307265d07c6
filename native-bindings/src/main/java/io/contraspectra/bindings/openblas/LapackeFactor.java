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
 * Cholesky and orthogonal factorisations by LAPACK, faithful to it: matrices are column-major, and the caller brings
 * the workspace.
 *
 * <p>Seen column-major, a row-major matrix is its transpose; so the QR factorisation of a row-major matrix is LAPACK's
 * LQ and the other way round, and no copy is needed.
 *
 * <p>No operand may overlap another. Every method throws {@link IllegalArgumentException} before anything is touched if
 * an argument does not fit, and {@link NativeUnavailableException} without OpenBLAS; thread-safety and life-times are
 * those of {@link Cblas}. NaN and infinities are not looked for.
 */
public final class LapackeFactor {
  private static final int COLUMN_MAJOR = 102;
  private static final int QUERY = -1;

  private static final FunctionDescriptor POTRF =
      FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_BYTE, JAVA_INT, ADDRESS, JAVA_INT);
  private static final FunctionDescriptor REDUCE = FunctionDescriptor.of(JAVA_INT,
      JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);
  private static final FunctionDescriptor GENERATE = FunctionDescriptor.of(JAVA_INT,
      JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, ADDRESS, ADDRESS, JAVA_INT);

  private static final MethodHandle DPOTRF = OpenBlas.bind("LAPACKE_dpotrf_work", POTRF);
  private static final MethodHandle SPOTRF = OpenBlas.bind("LAPACKE_spotrf_work", POTRF);
  private static final MethodHandle DGEQRF = OpenBlas.bind("LAPACKE_dgeqrf_work", REDUCE);
  private static final MethodHandle SGEQRF = OpenBlas.bind("LAPACKE_sgeqrf_work", REDUCE);
  private static final MethodHandle DGELQF = OpenBlas.bind("LAPACKE_dgelqf_work", REDUCE);
  private static final MethodHandle SGELQF = OpenBlas.bind("LAPACKE_sgelqf_work", REDUCE);
  private static final MethodHandle DORGQR = OpenBlas.bind("LAPACKE_dorgqr_work", GENERATE);
  private static final MethodHandle SORGQR = OpenBlas.bind("LAPACKE_sorgqr_work", GENERATE);
  private static final MethodHandle DORGLQ = OpenBlas.bind("LAPACKE_dorglq_work", GENERATE);
  private static final MethodHandle SORGLQ = OpenBlas.bind("LAPACKE_sorglq_work", GENERATE);

  private LapackeFactor() {}

  /** Which orthogonal factorisation of a column-major m x n matrix. */
  public enum Orthogonal {
    /** A = Q R with m ≥ n: Q has n orthonormal columns. */
    QR("geqrf", "orgqr"),
    /** A = L Q with m ≤ n: Q has m orthonormal rows. */
    LQ("gelqf", "orglq");

    private final String reduction;
    private final String generation;

    Orthogonal(String reduction, String generation) {
      this.reduction = reduction;
      this.generation = generation;
    }
  }

  /**
   * A = L Lᵀ (lower) or Uᵀ U (upper) of a symmetric positive definite matrix.
   *
   * @param triangle the half of A, seen column-major, that is read and replaced by the factor; the other half stays
   * @param a n x n, column-major
   * @return LAPACK's info: 0 done, i if the leading minor of order i is not positive definite
   */
  public static int potrf(Precision precision, Triangle triangle, long n, MemorySegment a, long lda) {
    String routine = precision.name("potrf");
    Operands.requireSize(routine, "n", n);
    Operands.requireOutput(routine, "A", a, n, n, lda, precision.bytes);
    if (n == 0) {
      return 0;
    }
    try {
      return (int) (precision == Precision.DOUBLE ? DPOTRF : SPOTRF)
          .invokeExact(COLUMN_MAJOR, triangle.lapack, (int) n, a, (int) lda);
    } catch (Throwable t) {
      throw Downcall.failure(routine, t);
    }
  }

  /** Elements of workspace with which {@link #reduce} and {@link #generate} run fastest. */
  public static long workspace(Precision precision, Orthogonal form, long m, long n) {
    Operands.requireSize(precision.name(form.reduction), "m", m);
    Operands.requireSize(precision.name(form.reduction), "n", n);
    try (var arena = Arena.ofConfined()) {
      var work = arena.allocate(precision.bytes, precision.bytes);
      long lda = Math.max(1, m);
      requireAccepted(invokeReduce(precision, form, m, n, MemorySegment.NULL, lda, MemorySegment.NULL, work, QUERY));
      long reduction = answer(precision, work);
      requireAccepted(invokeGenerate(precision, form, m, n, MemorySegment.NULL, lda, MemorySegment.NULL, work, QUERY));
      return Math.max(Math.max(1, Math.max(m, n)), Math.max(reduction, answer(precision, work)));
    }
  }

  /**
   * Replaces A by its triangular factor and the Householder vectors of the orthogonal one.
   *
   * @param a m x n, column-major
   * @param tau min(m, n) elements, written: the factors of the reflections
   * @param work scratch; its size in elements is what LAPACK may use, see {@link #workspace}
   */
  public static void reduce(
      Precision precision, Orthogonal form, long m, long n, MemorySegment a, long lda, MemorySegment tau,
      MemorySegment work) {
    require(precision, form, form.reduction, m, n, a, lda, tau, work);
    if (m > 0 && n > 0) {
      requireAccepted(invokeReduce(precision, form, m, n, a, lda, tau, work, elements(precision, work)));
    }
  }

  /** Replaces what {@link #reduce} left in A, with the same arguments, by the orthogonal factor of m x n. */
  public static void generate(
      Precision precision, Orthogonal form, long m, long n, MemorySegment a, long lda, MemorySegment tau,
      MemorySegment work) {
    require(precision, form, form.generation, m, n, a, lda, tau, work);
    if (m > 0 && n > 0) {
      requireAccepted(invokeGenerate(precision, form, m, n, a, lda, tau, work, elements(precision, work)));
    }
  }

  private static int invokeReduce(
      Precision precision, Orthogonal form, long m, long n, MemorySegment a, long lda, MemorySegment tau,
      MemorySegment work, int lwork) {
    MethodHandle routine = switch (precision) {
      case DOUBLE -> form == Orthogonal.QR ? DGEQRF : DGELQF;
      case SINGLE -> form == Orthogonal.QR ? SGEQRF : SGELQF;
    };
    try {
      return (int) routine.invokeExact(COLUMN_MAJOR, (int) m, (int) n, a, (int) lda, tau, work, lwork);
    } catch (Throwable t) {
      throw Downcall.failure(precision.name(form.reduction), t);
    }
  }

  private static int invokeGenerate(
      Precision precision, Orthogonal form, long m, long n, MemorySegment a, long lda, MemorySegment tau,
      MemorySegment work, int lwork) {
    MethodHandle routine = switch (precision) {
      case DOUBLE -> form == Orthogonal.QR ? DORGQR : DORGLQ;
      case SINGLE -> form == Orthogonal.QR ? SORGQR : SORGLQ;
    };
    try {
      return (int) routine.invokeExact(
          COLUMN_MAJOR, (int) m, (int) n, (int) Math.min(m, n), a, (int) lda, tau, work, lwork);
    } catch (Throwable t) {
      throw Downcall.failure(precision.name(form.generation), t);
    }
  }

  private static void require(
      Precision precision, Orthogonal form, String name, long m, long n, MemorySegment a, long lda,
      MemorySegment tau, MemorySegment work) {
    String routine = precision.name(name);
    Operands.requireSize(routine, "m", m);
    Operands.requireSize(routine, "n", n);
    if (form == Orthogonal.QR ? m < n : m > n) {
      throw Operands.refusal(routine, "A", "is " + m + "x" + n + ", which has no thin " + form + " factorisation");
    }
    Operands.requireOutput(routine, "A", a, n, m, lda, precision.bytes);
    Operands.requireOutput(routine, "tau", tau, Math.min(m, n), precision.bytes);
    Operands.requireOutput(routine, "work", work, Math.max(1, Math.min(m, n)), precision.bytes);
    var matrix = a.asSlice(0, Math.min(a.byteSize(), n * lda * precision.bytes));
    Operands.requireDisjoint(routine, "A", matrix, "tau", tau);
    Operands.requireDisjoint(routine, "A", matrix, "work", work);
    Operands.requireDisjoint(routine, "tau", tau, "work", work);
  }

  // Arguments were checked, and these routines have no other way to fail.
  private static void requireAccepted(int info) {
    if (info != 0) {
      throw new AssertionError("an orthogonal factorisation refused argument " + -info);
    }
  }

  private static long answer(Precision precision, MemorySegment work) {
    return precision == Precision.DOUBLE ? (long) work.get(JAVA_DOUBLE, 0) : (long) work.get(JAVA_FLOAT, 0);
  }

  private static int elements(Precision precision, MemorySegment memory) {
    return (int) Math.min(Integer.MAX_VALUE, memory.byteSize() / precision.bytes);
  }
}
