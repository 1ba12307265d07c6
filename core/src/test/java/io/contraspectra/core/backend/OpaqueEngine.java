package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Memory;
import io.contraspectra.core.matrix.Workspace;
import java.lang.foreign.Arena;
import org.jspecify.annotations.Nullable;

/**
 * A device that is none: another engine's arithmetic behind memory that nobody else can look into, as on a GPU. An
 * algorithm that passes on it reaches numbers only through its backend.
 */
public final class OpaqueEngine implements Engine {

  private static final byte EVERY_BIT = (byte) 0xff;

  private final Engine delegate;

  /** Takes over {@code delegate}, and closes it with itself. */
  public OpaqueEngine(Engine delegate) {
    this.delegate = delegate;
  }

  @Override
  public String name() {
    return "opaque(" + delegate.name() + ")";
  }

  @Override
  public String describe() {
    return "opaque memory, computing with " + delegate.describe();
  }

  @Override
  public String space() {
    return OpaqueMemory.SPACE;
  }

  @Override
  public Memory allocate(long bytes) {
    return new OpaqueMemory(delegate.allocate(bytes));
  }

  // Each tile gets a workspace full of NaN: on a real device it holds the remains of another tile, never zeros.
  @Override
  public int concurrency() {
    return delegate.concurrency();
  }

  @Override
  public long available() {
    return delegate.available();
  }

  @Override
  public void tiles(long count, long workspaceBytes, TileTask task) {
    delegate.tiles(count, 0, (tile, unused) -> {
      Memory slab = allocate(workspaceBytes);
      try (var workspace = new Workspace(slab); Arena arena = Arena.ofConfined()) {
        slab.write(0, arena.allocate(workspaceBytes).fill(EVERY_BIT));
        task.run(tile, workspace);
      }
    });
  }

  @Override
  public void gemm(Transpose ta, Transpose tb, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
    delegate.gemm(ta, tb, alpha, open(a), open(b), beta, open(c));
  }

  @Override
  public void syrk(Triangle triangle, Transpose ta, double alpha, Matrix a, double beta, Matrix c) {
    delegate.syrk(triangle, ta, alpha, open(a), beta, open(c));
  }

  @Override
  public void groupedGemm(int repeat, Transpose tb, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
    delegate.groupedGemm(repeat, tb, alpha, open(a), open(b), beta, open(c));
  }

  @Override
  public void bitGemm(Transpose ta, Matrix a, Matrix b, double beta, Matrix c) {
    delegate.bitGemm(ta, open(a), open(b), beta, open(c));
  }

  @Override
  public void maskedGemm(Matrix v, Matrix a, Matrix b, Matrix c) {
    delegate.maskedGemm(open(v), open(a), open(b), open(c));
  }

  @Override
  public void maskedSyrk(Matrix v, Matrix a, Matrix c) {
    delegate.maskedSyrk(open(v), open(a), open(c));
  }

  @Override
  public void faceSplitGram(Matrix f, Matrix g, Matrix h, Matrix w, @Nullable Matrix e, Matrix c) {
    delegate.faceSplitGram(open(f), open(g), open(h), open(w), e == null ? null : open(e), open(c));
  }

  @Override
  public void mirror(Triangle from, Matrix c) {
    delegate.mirror(from, open(c));
  }

  @Override
  public void copy(Matrix x, Matrix y) {
    delegate.copy(open(x), open(y));
  }

  @Override
  public void transpose(Matrix x, Matrix y) {
    delegate.transpose(open(x), open(y));
  }

  @Override
  public void fill(double value, Matrix y) {
    delegate.fill(value, open(y));
  }

  @Override
  public void shift(double value, Matrix y) {
    delegate.shift(value, open(y));
  }

  @Override
  public void add(double alpha, Matrix x, double beta, Matrix y) {
    delegate.add(alpha, open(x), beta, open(y));
  }

  @Override
  public void map(UnaryFunction function, Matrix x, Matrix y) {
    delegate.map(function, open(x), open(y));
  }

  @Override
  public void multiply(Matrix x, Matrix y, Matrix z) {
    delegate.multiply(open(x), open(y), open(z));
  }

  @Override
  public void multiplyMapped(UnaryFunction function, Matrix x, Matrix y) {
    delegate.multiplyMapped(function, open(x), open(y));
  }

  @Override
  public void addRow(double alpha, Matrix row, Matrix y) {
    delegate.addRow(alpha, open(row), open(y));
  }

  @Override
  public void multiplyRow(Matrix row, Matrix x, Matrix y) {
    delegate.multiplyRow(open(row), open(x), open(y));
  }

  @Override
  public void multiplyColumn(Matrix column, Matrix x, Matrix y) {
    delegate.multiplyColumn(open(column), open(x), open(y));
  }

  @Override
  public void multiplyRepeated(Matrix g, Matrix b, int repeat) {
    delegate.multiplyRepeated(open(g), open(b), repeat);
  }

  @Override
  public void faceSplit(double alpha, Matrix g, Matrix w, Matrix b) {
    delegate.faceSplit(alpha, open(g), open(w), open(b));
  }

  @Override
  public void outerRows(double alpha, Matrix b, Matrix a, int repeat, Matrix y) {
    delegate.outerRows(alpha, open(b), open(a), repeat, open(y));
  }

  @Override
  public void addHadamard(Matrix f, Matrix b, int repeat, Matrix c) {
    delegate.addHadamard(open(f), open(b), repeat, open(c));
  }

  @Override
  public void addKroneckerIdentity(Matrix f, int repeat, Matrix c) {
    delegate.addKroneckerIdentity(open(f), repeat, open(c));
  }

  @Override
  public void shiftDiagonal(double value, Matrix y) {
    delegate.shiftDiagonal(value, open(y));
  }

  @Override
  public void softmaxRows(Matrix x, Matrix logSumExp) {
    delegate.softmaxRows(open(x), open(logSumExp));
  }

  @Override
  public void eigh(Matrix a, Matrix values) {
    delegate.eigh(open(a), open(values));
  }

  @Override
  public void eighRange(Matrix a, long first, Matrix values, Matrix vectors) {
    delegate.eighRange(open(a), first, open(values), open(vectors));
  }

  @Override
  public void svd(Matrix a, Matrix u, Matrix values, Matrix v) {
    delegate.svd(open(a), open(u), open(values), open(v));
  }

  @Override
  public void qr(Matrix a, Matrix r) {
    delegate.qr(open(a), open(r));
  }

  @Override
  public void lq(Matrix a, Matrix l) {
    delegate.lq(open(a), open(l));
  }

  @Override
  public long cholesky(Matrix a) {
    return delegate.cholesky(open(a));
  }

  @Override
  public void solveTriangular(Side side, Triangle triangle, Transpose tt, double alpha, Matrix t, Matrix b) {
    delegate.solveTriangular(side, triangle, tt, alpha, open(t), open(b));
  }

  @Override
  public double sum(Matrix x) {
    return delegate.sum(open(x));
  }

  @Override
  public double dot(Matrix x, Matrix y) {
    return delegate.dot(open(x), open(y));
  }

  @Override
  public double sumSquaredDifferences(Matrix x, Matrix y) {
    return delegate.sumSquaredDifferences(open(x), open(y));
  }

  @Override
  public double maxAbs(Matrix x) {
    return delegate.maxAbs(open(x));
  }

  @Override
  public long firstNonFinite(Matrix x) {
    return delegate.firstNonFinite(open(x));
  }

  @Override
  public void rowDots(Matrix x, Matrix y, Matrix column) {
    delegate.rowDots(open(x), open(y), open(column));
  }

  @Override
  public void columnSums(double alpha, Matrix x, double beta, Matrix row) {
    delegate.columnSums(alpha, open(x), beta, open(row));
  }

  @Override
  public void close() {
    delegate.close();
  }

  // The same place in the hidden memory.
  private static Matrix open(Matrix m) {
    Memory hidden = ((OpaqueMemory) m.memory()).hidden();
    return Matrix.over(hidden, m.dtype(), m.offset(), m.rows(), m.cols(), m.leadingDimension());
  }
}
