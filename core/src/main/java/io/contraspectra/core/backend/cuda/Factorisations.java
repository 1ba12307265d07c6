package io.contraspectra.core.backend.cuda;

import io.contraspectra.bindings.cuda.Cusolver;
import io.contraspectra.bindings.cuda.Cusolver.Scratch;
import io.contraspectra.bindings.cuda.Cusolver.Workspace;
import io.contraspectra.bindings.cuda.Fill;
import io.contraspectra.bindings.cuda.Real;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.NotConverged;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.function.Consumer;

/**
 * Factorisations by cuSOLVER, which sees the transpose: its eigenvector columns are our rows, its QR is our LQ. Each
 * waits for its outcome.
 */
final class Factorisations {

  // The half of a row-major matrix that holds the numbers, seen column-major.
  private static final Fill ROW_MAJOR_LOWER = Products.flipped(Triangle.LOWER);
  private static final long INFO_BYTES = 256;

  private final Elementwise elementwise;
  private final Products products;

  Factorisations(Elementwise elementwise, Products products) {
    this.elementwise = elementwise;
    this.products = products;
  }

  void eigh(Lane lane, Operand a, Operand values) {
    if (a.size() == 0) {
      return;
    }
    Real real = Products.real(a.dtype());
    var size = Cusolver.syevdWorkspace(
        lane.solver(), real, ROW_MAJOR_LOWER, a.rows(), a.address(), a.ld(), values.address());
    requireDone("eigh", "divide and conquer", a, call(lane, size, scratch -> Cusolver.syevd(
        lane.solver(), real, ROW_MAJOR_LOWER, a.rows(), a.address(), a.ld(), values.address(), scratch)));
  }

  void eighRange(Lane lane, Operand a, long first, Operand values, Operand vectors) {
    long count = values.cols();
    if (count == 0) {
      return;
    }
    Real real = Products.real(a.dtype());
    lane.scratch(a.rows() * a.dtype().bytes(), w -> {
      long found = range(lane, real, a, first + 1, first + count, w);
      if (found != count) {
        throw new NotConverged("eighRange: " + describe(a) + ": cuSOLVER found " + found + " eigenvalues of " + count
            + "; use eigh");
      }
      elementwise.copy(lane, Operand.packed(w, a.dtype(), 1, count), values);
      elementwise.copy(lane, new Operand(a.address(), a.dtype(), count, a.cols(), a.ld()), vectors);
    });
  }

  private static long range(Lane lane, Real real, Operand a, long first, long last, long w) {
    var size = Cusolver.syevdxWorkspace(
        lane.solver(), real, ROW_MAJOR_LOWER, a.rows(), a.address(), a.ld(), first, last, w);
    try (var arena = Arena.ofConfined()) {
      var found = arena.allocate(ValueLayout.JAVA_LONG);
      requireDone("eighRange", "divide and conquer", a, call(lane, size, scratch -> Cusolver.syevdx(lane.solver(), real,
          ROW_MAJOR_LOWER, a.rows(), a.address(), a.ld(), first, last, w, found, scratch)));
      return found.get(ValueLayout.JAVA_LONG, 0);
    }
  }

  void svd(Lane lane, Operand a, Operand u, Operand values, Operand v) {
    if (a.size() == 0) {
      return;
    }
    if (a.cols() >= a.rows()) {
      tallSvd(lane, a, v, values, u);
      return;
    }
    // cuSOLVER wants at least as many rows as columns: it gets Aᵀ, whose factors are exchanged and transposed.
    long r = values.cols();
    long bytes = (a.size() + u.size() + v.size()) * a.dtype().bytes();
    lane.scratch(bytes, address -> {
      var flipped = Operand.packed(address, a.dtype(), a.cols(), a.rows());
      var left = Operand.packed(address + flipped.bytes(), a.dtype(), r, a.rows());
      var right = Operand.packed(address + flipped.bytes() + left.bytes(), a.dtype(), a.cols(), r);
      products.transpose(lane, a, flipped);
      tallSvd(lane, flipped, left, values, right);
      products.transpose(lane, left, u);
      products.transpose(lane, right, v);
    });
  }

  /** Seen column-major A is Aᵀ = Vᵀ diag(s) Uᵀ, and its factors are V and U as we store them. */
  private void tallSvd(Lane lane, Operand a, Operand v, Operand values, Operand u) {
    Real real = Products.real(a.dtype());
    var size = Cusolver.gesvdWorkspace(lane.solver(), real, a.cols(), a.rows(), a.address(), a.ld(), values.address(),
        v.address(), v.ld(), u.address(), u.ld());
    requireDone("svd", "QR iteration", a, call(lane, size, scratch -> Cusolver.gesvd(lane.solver(), real, a.cols(),
        a.rows(), a.address(), a.ld(), values.address(), v.address(), v.ld(), u.address(), u.ld(), scratch)));
  }

  void qr(Lane lane, Operand a, Operand r) {
    if (a.size() == 0) {
      return;
    }
    lane.scratch((a.size() + r.size()) * a.dtype().bytes(), address -> {
      var rows = Operand.packed(address, a.dtype(), a.cols(), a.rows());
      var lower = Operand.packed(address + rows.bytes(), a.dtype(), r.rows(), r.cols());
      products.transpose(lane, a, rows);
      lq(lane, rows, lower);
      products.transpose(lane, rows, a);
      products.transpose(lane, lower, r);
    });
  }

  void lq(Lane lane, Operand a, Operand l) {
    if (a.size() == 0) {
      return;
    }
    Real real = Products.real(a.dtype());
    long k = a.rows();
    int n = intOf("lq", a.cols());
    int ld = intOf("lq", a.ld());
    lane.scratch(2 * k * a.dtype().bytes(), tau -> {
      var reduce = Cusolver.geqrfWorkspace(lane.solver(), real, n, k, a.address(), ld, tau);
      requireDone("lq", "reflections", a, call(lane, reduce, scratch ->
          Cusolver.geqrf(lane.solver(), real, n, k, a.address(), ld, tau, scratch)));
      elementwise.triangle(lane, Triangle.LOWER, new Operand(a.address(), a.dtype(), k, k, a.ld()), l);
      var generate = Cusolver.orgqrWorkspace(lane.solver(), real, n, (int) k, a.address(), ld, tau);
      requireDone("lq", "reflections", a, call(lane, generate, scratch ->
          Cusolver.orgqr(lane.solver(), real, n, (int) k, a.address(), ld, tau, scratch)));
      turnSigns(lane, a, l, tau + k * a.dtype().bytes());
    });
  }

  /** Turns rows of Q and columns of L so that the diagonal of L is not negative. */
  private void turnSigns(Lane lane, Operand q, Operand l, long address) {
    var row = Operand.packed(address, q.dtype(), 1, l.cols());
    var column = Operand.packed(address, q.dtype(), l.cols(), 1);
    elementwise.signs(lane, l, row);
    products.multiplyRow(lane, row, l, l);
    elementwise.triangle(lane, Triangle.LOWER, l, l); // zeros above the diagonal have no sign
    products.multiplyColumn(lane, column, q, q);
  }

  long cholesky(Lane lane, Operand a) {
    if (a.size() == 0) {
      return 0;
    }
    Real real = Products.real(a.dtype());
    var size = Cusolver.potrfWorkspace(lane.solver(), real, ROW_MAJOR_LOWER, a.rows(), a.address(), a.ld());
    int info = call(lane, size, scratch ->
        Cusolver.potrf(lane.solver(), real, ROW_MAJOR_LOWER, a.rows(), a.address(), a.ld(), scratch));
    if (info < 0) {
      throw new AssertionError("bug: argument " + -info + " of potrf");
    }
    elementwise.triangle(lane, Triangle.LOWER, a, a);
    return info;
  }

  /** Makes a call with the memory that it wants, and returns its info. */
  private static int call(Lane lane, Workspace size, Consumer<Scratch> work) {
    long deviceBytes = Math.ceilDiv(size.device(), INFO_BYTES) * INFO_BYTES;
    return lane.withScratch(INFO_BYTES + deviceBytes, info -> {
      try (var arena = Arena.ofConfined()) {
        work.accept(new Scratch(info + INFO_BYTES, deviceBytes, arena.allocate(Math.max(8, size.host()), 64), info));
        var status = arena.allocate(ValueLayout.JAVA_INT);
        lane.staging().copyOut(info, status); // waits, so that the host's memory may go
        return status.get(ValueLayout.JAVA_INT, 0);
      }
    });
  }

  private static void requireDone(String operation, String algorithm, Operand a, int info) {
    String what = operation + ": " + describe(a) + ": cuSOLVER's " + algorithm;
    if (info < 0) {
      throw new AssertionError("bug: argument " + -info + " was refused; " + what);
    }
    if (info > 0) {
      throw new NotConverged(what + " did not converge (info " + info
          + "); scale the matrix to entries near 1 and try again");
    }
  }

  private static int intOf(String operation, long size) {
    if (size > Integer.MAX_VALUE) {
      throw new InvalidArgument(operation + ": a size of " + size + ": cuSOLVER's QR counts up to " + Integer.MAX_VALUE
          + "; factorise blocks of rows or columns");
    }
    return (int) size;
  }

  private static String describe(Operand a) {
    return "A(" + a.rows() + "x" + a.cols() + ")";
  }
}
