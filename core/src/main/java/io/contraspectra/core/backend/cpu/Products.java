package io.contraspectra.core.backend.cpu;

import io.contraspectra.bindings.openblas.Cblas;
import io.contraspectra.bindings.openblas.OpenBlasControl;
import io.contraspectra.bindings.openblas.Precision;
import io.contraspectra.core.backend.Side;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.Semaphore;
import java.util.function.LongConsumer;

/** Matrix products by OpenBLAS, each with the number of BLAS threads that its size and place call for. */
final class Products {

  /** One gate for the process, because OpenBLAS has one thread count for the process. */
  static final ThreadGate GATE = gate();

  // OpenBLAS keeps a finite table of buffers, at least one for each call in flight.
  private static final Semaphore IN_FLIGHT = new Semaphore(32);

  // Below this a second thread takes longer to wake than it saves.
  private static final double FLOPS_WORTH_THREADS = 1e7;

  // A factorisation is thousands of short steps after each of which the threads wait for each other.
  private static final double FACTORISATION_WORTH_THREADS = 1e9;

  private final Workers workers;

  Products(Workers workers) {
    this.workers = workers;
  }

  private static ThreadGate gate() {
    var gate = new ThreadGate(OpenBlasControl::setThreads);
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(gate::drain, "contraspectra-drain"));
    } catch (IllegalStateException _) {
      // The JVM is going down already.
    }
    return gate;
  }

  /** As {@code Engine.gemm}, for an inner size and an output of at least 1. */
  void gemm(Transpose ta, Transpose tb, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
    long m = c.rows();
    long n = c.cols();
    long k = ta == Transpose.NO ? a.cols() : a.rows();
    requireInts("gemm", a, b, c);
    var x = HostMatrix.of(a).fromStart();
    var y = HostMatrix.of(b).fromStart();
    var z = HostMatrix.of(c).fromStart();
    var opA = blas(ta);
    var opB = blas(tb);
    call(2.0 * m * n * k, switch (c.dtype()) {
      case F64 -> () -> Cblas.dgemm(opA, opB, m, n, k, alpha, x, ld(a), y, ld(b), beta, z, ld(c));
      case F32 -> () -> Cblas.sgemm(opA, opB, m, n, k, (float) alpha, x, ld(a), y, ld(b), (float) beta, z, ld(c));
    });
  }

  /** {@code C = A Bᵀ + beta C} on contiguous B and C in scratch memory, with A of m x k, B of n x k, C of m x n. */
  void gemm(DType dtype, long m, long n, long k, MemorySegment a, long lda, MemorySegment b, double beta,
      MemorySegment c) {
    var no = blas(Transpose.NO);
    var yes = blas(Transpose.YES);
    call(2.0 * m * n * k, switch (dtype) {
      case F64 -> () -> Cblas.dgemm(no, yes, m, n, k, 1, a, lda, b, k, beta, c, n);
      case F32 -> () -> Cblas.sgemm(no, yes, m, n, k, 1, a, lda, b, k, (float) beta, c, n);
    });
  }

  /** As {@code Engine.syrk}, for an inner size and an output of at least 1. */
  void syrk(Triangle triangle, Transpose ta, double alpha, Matrix a, double beta, Matrix c) {
    long n = c.rows();
    long k = ta == Transpose.NO ? a.cols() : a.rows();
    requireInts("syrk", a, c);
    var x = HostMatrix.of(a).fromStart();
    var z = HostMatrix.of(c).fromStart();
    var op = blas(ta);
    var half = blas(triangle);
    call(1.0 * n * n * k, switch (c.dtype()) {
      case F64 -> () -> Cblas.dsyrk(half, op, n, k, alpha, x, ld(a), beta, z, ld(c));
      case F32 -> () -> Cblas.ssyrk(half, op, n, k, (float) alpha, x, ld(a), (float) beta, z, ld(c));
    });
  }

  /** As {@code Engine.solveTriangular}, for B of at least 1 x 1. */
  void solveTriangular(Side side, Triangle triangle, Transpose tt, double alpha, Matrix t, Matrix b) {
    requireInts("solveTriangular", t, b);
    var x = HostMatrix.of(t).fromStart();
    var y = HostMatrix.of(b).fromStart();
    var from = switch (side) {
      case LEFT -> io.contraspectra.bindings.openblas.Side.LEFT;
      case RIGHT -> io.contraspectra.bindings.openblas.Side.RIGHT;
    };
    call(1.0 * b.size() * t.rows(), () -> Cblas.trsm(precision(b.dtype()), from, blas(triangle), blas(tt), b.rows(),
        b.cols(), alpha, x, ld(t), y, ld(b)));
  }

  /** Runs LAPACK calls of about {@code flops} floating-point operations. */
  void lapack(double flops, Runnable calls) {
    call(flops < FACTORISATION_WORTH_THREADS ? 0 : flops, calls);
  }

  /**
   * Runs parts 0 to {@code count - 1} side by side, each with BLAS at one thread and none of which an interruption
   * stops.
   */
  void parts(long count, LongConsumer part) {
    Runnable all = () -> workers.forEachOnPlatform(count, index -> limited(() -> part.accept(index)));
    workers.requireOpen();
    if (Workers.working()) {
      all.run();
    } else {
      GATE.shared(all);
    }
  }

  /** Threads that work at once for one caller. */
  int threads() {
    return workers.threads();
  }

  static Precision precision(DType dtype) {
    return switch (dtype) {
      case F64 -> Precision.DOUBLE;
      case F32 -> Precision.SINGLE;
    };
  }

  private void call(double flops, Runnable blas) {
    workers.requireOpen();
    if (Workers.working()) {
      // The tile's caller is inside the gate already.
      limited(blas);
    } else if (workers.threads() > 1 && flops >= FLOPS_WORTH_THREADS) {
      GATE.exclusive(workers.threads(), () -> workers.onPlatformThread(() -> limited(blas)));
    } else {
      GATE.shared(() -> workers.onPlatformThread(() -> limited(blas)));
    }
  }

  private static void limited(Runnable blas) {
    IN_FLIGHT.acquireUninterruptibly();
    try {
      blas.run();
    } finally {
      IN_FLIGHT.release();
    }
  }

  static void requireInts(String operation, Matrix... operands) {
    for (Matrix operand : operands) {
      long largest = Math.max(Math.max(operand.rows(), operand.cols()), ld(operand));
      if (largest > Integer.MAX_VALUE) {
        throw new InvalidArgument(operation + ": " + operand.describe("an operand") + " with leading dimension "
            + operand.leadingDimension() + ": OpenBLAS counts up to " + Integer.MAX_VALUE
            + "; multiply blocks of rows or columns");
      }
    }
  }

  static long ld(Matrix matrix) {
    return Math.max(1, matrix.leadingDimension());
  }

  private static io.contraspectra.bindings.openblas.Transpose blas(Transpose transpose) {
    return switch (transpose) {
      case NO -> io.contraspectra.bindings.openblas.Transpose.NO_TRANSPOSE;
      case YES -> io.contraspectra.bindings.openblas.Transpose.TRANSPOSE;
    };
  }

  private static io.contraspectra.bindings.openblas.Triangle blas(Triangle triangle) {
    return switch (triangle) {
      case LOWER -> io.contraspectra.bindings.openblas.Triangle.LOWER;
      case UPPER -> io.contraspectra.bindings.openblas.Triangle.UPPER;
    };
  }
}
