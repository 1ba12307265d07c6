package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.HostMemory;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Memory;
import io.contraspectra.core.matrix.Workspace;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.LongToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The oracle that every engine is tested against: each operation is its defining formula, element by element in double
 * precision with compensated sums, rounded once where it is stored. Slow, sequential, and right at a glance.
 */
public final class ReferenceEngine implements Engine {

  /** The value that belongs at one place of an output. */
  @FunctionalInterface
  private interface Cell {
    double at(long row, long col);
  }

  @Override
  public String name() {
    return "reference";
  }

  @Override
  public String describe() {
    return "reference: plain scalar Java, one thread";
  }

  @Override
  public String space() {
    return HostMemory.SPACE;
  }

  @Override
  public Memory allocate(long bytes) {
    return HostMemory.allocate(bytes);
  }

  @Override
  public int concurrency() {
    return 1;
  }

  @Override
  public void tiles(long count, long workspaceBytes, TileTask task) {
    try (var workspace = new Workspace(allocate(workspaceBytes))) {
      for (long tile = 0; tile < count; tile++) {
        workspace.reset();
        task.run(tile, workspace);
      }
    }
  }

  @Override
  public void gemm(Transpose ta, Transpose tb, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
    long inner = ta == Transpose.NO ? a.cols() : a.rows();
    assign(c, (i, j) -> alpha * sum(inner, l -> get(ta, a, i, l) * get(tb, b, l, j)) + scaled(beta, c, i, j));
  }

  @Override
  public void syrk(Triangle triangle, Transpose ta, double alpha, Matrix a, double beta, Matrix c) {
    long inner = ta == Transpose.NO ? a.cols() : a.rows();
    assign(c, (i, j) -> inside(triangle, i, j)
        ? alpha * sum(inner, l -> get(ta, a, i, l) * get(ta, a, j, l)) + scaled(beta, c, i, j)
        : get(c, i, j));
  }

  @Override
  public void groupedGemm(int repeat, Transpose tb, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
    gemm(Transpose.NO, tb, alpha, a, b, beta, c);
  }

  @Override
  public void faceSplitGram(Matrix f, Matrix g, Matrix h, Matrix w, @Nullable Matrix e, Matrix c) {
    long repeat = w.rows();
    assign(c, (i, j) -> (e != null && i % repeat == j % repeat ? get(e, i / repeat, j / repeat) : 0)
        + get(f, i / repeat, j / repeat) * sum(w.cols(), m ->
        get(g, i / repeat, m) * get(h, j / repeat, m) * get(w, i % repeat, m) * get(w, j % repeat, m)));
  }

  @Override
  public void mirror(Triangle from, Matrix c) {
    assign(c, (i, j) -> inside(from, i, j) ? get(c, i, j) : get(c, j, i));
  }

  @Override
  public void copy(Matrix x, Matrix y) {
    assign(y, (i, j) -> get(x, i, j));
  }

  @Override
  public void transpose(Matrix x, Matrix y) {
    assign(y, (i, j) -> get(x, j, i));
  }

  @Override
  public void fill(double value, Matrix y) {
    assign(y, (i, j) -> value);
  }

  @Override
  public void shift(double value, Matrix y) {
    assign(y, (i, j) -> get(y, i, j) + value);
  }

  @Override
  public void add(double alpha, Matrix x, double beta, Matrix y) {
    assign(y, (i, j) -> alpha * get(x, i, j) + scaled(beta, y, i, j));
  }

  @Override
  public void map(UnaryFunction function, Matrix x, Matrix y) {
    assign(y, (i, j) -> function.at(get(x, i, j)));
  }

  @Override
  public void multiply(Matrix x, Matrix y, Matrix z) {
    assign(z, (i, j) -> get(x, i, j) * get(y, i, j));
  }

  @Override
  public void multiplyMapped(UnaryFunction function, Matrix x, Matrix y) {
    assign(y, (i, j) -> function.at(get(x, i, j)) * get(y, i, j));
  }

  @Override
  public void addRow(double alpha, Matrix row, Matrix y) {
    assign(y, (i, j) -> get(y, i, j) + alpha * get(row, 0, j));
  }

  @Override
  public void multiplyRow(Matrix row, Matrix x, Matrix y) {
    assign(y, (i, j) -> get(row, 0, j) * get(x, i, j));
  }

  @Override
  public void multiplyColumn(Matrix column, Matrix x, Matrix y) {
    assign(y, (i, j) -> get(column, i, 0) * get(x, i, j));
  }

  @Override
  public void multiplyRepeated(Matrix g, Matrix b, int repeat) {
    assign(b, (i, j) -> get(g, i / repeat, j) * get(b, i, j));
  }

  @Override
  public void faceSplit(double alpha, Matrix g, Matrix w, Matrix b) {
    assign(b, (i, j) -> alpha * get(g, i / w.rows(), j) * get(w, i % w.rows(), j));
  }

  @Override
  public void outerRows(double alpha, Matrix b, Matrix a, int repeat, Matrix y) {
    assign(y, (i, j) -> alpha * get(b, i, j / a.cols()) * get(a, i / repeat, j % a.cols()));
  }

  @Override
  public void addHadamard(Matrix f, Matrix b, int repeat, Matrix c) {
    assign(c, (i, j) -> get(c, i, j) + get(f, i / repeat, j / repeat) * get(b, i, j));
  }

  @Override
  public void addKroneckerIdentity(Matrix f, int repeat, Matrix c) {
    assign(c, (i, j) -> get(c, i, j) + (i % repeat == j % repeat ? get(f, i / repeat, j / repeat) : 0));
  }

  @Override
  public void shiftDiagonal(double value, Matrix y) {
    assign(y, (i, j) -> get(y, i, j) + (i == j ? value : 0));
  }

  // A row of -inf alone has no largest entry to be shifted by, and no weight to be divided by.
  @Override
  public void softmaxRows(Matrix x, Matrix logSumExp) {
    for (long i = 0; i < x.rows(); i++) {
      Matrix row = x.rowRange(i, 1);
      double largest = Double.NEGATIVE_INFINITY;
      for (long j = 0; j < row.cols(); j++) {
        largest = Math.max(largest, get(row, 0, j));
      }
      double shift = largest == Double.NEGATIVE_INFINITY ? 0 : largest;
      double total = sum(row.cols(), j -> Math.exp(get(row, 0, j) - shift));
      assign(row, (unused, j) -> total == 0 ? 0 : Math.exp(get(row, 0, j) - shift) / total);
      set(logSumExp, i, 0, shift + Math.log(total));
    }
  }

  @Override
  public void eigh(Matrix a, Matrix values) {
    new JacobiEigen(Math.toIntExact(a.rows()), a.toArray()).into(a, values, 0);
  }

  @Override
  public void eighRange(Matrix a, long first, Matrix values, Matrix vectors) {
    new JacobiEigen(Math.toIntExact(a.rows()), a.toArray()).into(vectors, values, Math.toIntExact(first));
  }

  @Override
  public void svd(Matrix a, Matrix u, Matrix values, Matrix v) {
    JacobiSvd.of(a).into(u, values, v);
  }

  @Override
  public void qr(Matrix a, Matrix r) {
    var columns = GramSchmidt.ofColumns(a);
    assign(a, (i, j) -> columns.basis()[(int) j][(int) i]);
    assign(r, (i, j) -> columns.coefficients()[(int) j][(int) i]);
  }

  @Override
  public void lq(Matrix a, Matrix l) {
    var rows = GramSchmidt.ofRows(a);
    assign(a, (i, j) -> rows.basis()[(int) i][(int) j]);
    assign(l, (i, j) -> rows.coefficients()[(int) i][(int) j]);
  }

  @Override
  public long cholesky(Matrix a) {
    for (long j = 0; j < a.rows(); j++) {
      long col = j;
      double pivot = get(a, j, j) - sum(j, l -> get(a, col, l) * get(a, col, l));
      if (!(pivot > 0)) {
        return j + 1;
      }
      set(a, j, j, Math.sqrt(pivot));
      for (long i = j + 1; i < a.rows(); i++) {
        long row = i;
        set(a, i, j, (get(a, i, j) - sum(j, l -> get(a, row, l) * get(a, col, l))) / get(a, j, j));
      }
    }
    assign(a, (i, j) -> j > i ? 0 : get(a, i, j));
    return 0;
  }

  @Override
  public void solveTriangular(Side side, Triangle triangle, Transpose tt, double alpha, Matrix t, Matrix b) {
    boolean left = side == Side.LEFT;
    long n = t.rows();
    long lines = left ? b.cols() : b.rows();
    // X op(T) = B is op(T)ᵀ Xᵀ = Bᵀ: one more transposition, and lines are rows.
    Transpose t2 = left == (tt == Transpose.YES) ? Transpose.YES : Transpose.NO;
    boolean forward = (triangle == Triangle.LOWER) == (t2 == Transpose.NO);
    for (long line = 0; line < lines; line++) {
      for (long step = 0; step < n; step++) {
        long at = forward ? step : n - 1 - step;
        long known = forward ? 0 : at + 1;
        long other = line;
        double rest = sum(step, l -> get(t2, t, at, known + l)
            * (left ? get(b, known + l, other) : get(b, other, known + l)));
        double right = alpha * (left ? get(b, at, line) : get(b, line, at));
        set(b, left ? at : line, left ? line : at, (right - rest) / get(t, at, at));
      }
    }
  }

  @Override
  public double sum(Matrix x) {
    return sum(x.size(), n -> get(x, n));
  }

  @Override
  public double dot(Matrix x, Matrix y) {
    return sum(x.size(), n -> get(x, n) * get(y, n));
  }

  @Override
  public double sumSquaredDifferences(Matrix x, Matrix y) {
    return sum(x.size(), n -> {
      double difference = get(x, n) - get(y, n);
      return difference * difference;
    });
  }

  @Override
  public double maxAbs(Matrix x) {
    double largest = 0;
    for (long n = 0; n < x.size(); n++) {
      largest = Math.max(largest, Math.abs(get(x, n)));
    }
    return largest;
  }

  @Override
  public long firstNonFinite(Matrix x) {
    for (long n = 0; n < x.size(); n++) {
      if (!Double.isFinite(get(x, n))) {
        return n;
      }
    }
    return -1;
  }

  @Override
  public void rowDots(Matrix x, Matrix y, Matrix column) {
    assign(column, (i, j) -> sum(x.cols(), l -> get(x, i, l) * get(y, i, l)));
  }

  @Override
  public void columnSums(double alpha, Matrix x, double beta, Matrix row) {
    assign(row, (i, j) -> alpha * sum(x.rows(), l -> get(x, l, j)) + scaled(beta, row, i, j));
  }

  @Override
  public void close() {}

  // Row by row; a cell may read what it replaces. An empty output may have 2^62 rows, so it is not walked.
  private static void assign(Matrix y, Cell cell) {
    for (long i = 0; i < y.rows() && y.cols() > 0; i++) {
      for (long j = 0; j < y.cols(); j++) {
        set(y, i, j, cell.at(i, j));
      }
    }
  }

  // Neumaier's compensated sum; where it overflows or meets an infinity, the plain sum has the right special value.
  private static double sum(long count, LongToDoubleFunction term) {
    double plain = 0;
    double lost = 0;
    for (long n = 0; n < count; n++) {
      double next = term.applyAsDouble(n);
      double total = plain + next;
      lost += Math.abs(plain) >= Math.abs(next) ? plain - total + next : next - total + plain;
      plain = total;
    }
    return Double.isFinite(plain) ? plain + lost : plain;
  }

  private static boolean inside(Triangle triangle, long row, long col) {
    return triangle == Triangle.LOWER ? row >= col : row <= col;
  }

  // Whatever stands in an output, NaN included, must not matter when beta is 0.
  private static double scaled(double beta, Matrix y, long row, long col) {
    return beta == 0 ? 0 : beta * get(y, row, col);
  }

  private static double get(Transpose t, Matrix m, long row, long col) {
    return t == Transpose.NO ? get(m, row, col) : get(m, col, row);
  }

  private static double get(Matrix m, long rowMajorIndex) {
    return get(m, rowMajorIndex / m.cols(), rowMajorIndex % m.cols());
  }

  private static double get(Matrix m, long row, long col) {
    return switch (m.dtype()) {
      case F64 -> segment(m).getAtIndex(ValueLayout.JAVA_DOUBLE, index(m, row, col));
      case F32 -> segment(m).getAtIndex(ValueLayout.JAVA_FLOAT, index(m, row, col));
    };
  }

  private static void set(Matrix m, long row, long col, double value) {
    switch (m.dtype()) {
      case F64 -> segment(m).setAtIndex(ValueLayout.JAVA_DOUBLE, index(m, row, col), value);
      case F32 -> segment(m).setAtIndex(ValueLayout.JAVA_FLOAT, index(m, row, col), (float) value);
    }
  }

  private static long index(Matrix m, long row, long col) {
    return m.offset() + row * m.leadingDimension() + col;
  }

  private static MemorySegment segment(Matrix m) {
    return ((HostMemory) m.memory()).segment();
  }
}
