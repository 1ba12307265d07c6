package io.contraspectra.core.backend.cpu;

import io.contraspectra.bindings.openblas.OpenBlas;
import io.contraspectra.bindings.openblas.OpenBlasControl;
import io.contraspectra.core.backend.Engine;
import io.contraspectra.core.backend.Side;
import io.contraspectra.core.backend.TileTask;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.HostMemory;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Memory;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Computes on the processors of this machine. Each operation says what happens to a run of contiguous elements, a row
 * or a block; {@link Elementwise} and {@link Reductions} walk the matrices, {@link Products} and
 * {@link Factorisations} call OpenBLAS.
 */
public final class CpuEngine implements Engine {

  private final Workers workers;
  private final Slabs slabs;
  private final Products products;
  private final Factorisations factorisations;
  private final Elementwise elementwise;
  private final Reductions reductions;
  private final KernelSet kernels;

  /**
   * Starts an engine.
   *
   * @param threads threads that work at once for one caller, at least 1
   * @param kernels the instructions to use, see {@link KernelSet#best()}
   */
  public CpuEngine(int threads, KernelSet kernels) {
    if (threads < 1) {
      throw new InvalidArgument("the cpu backend needs at least 1 thread, got " + threads);
    }
    OpenBlas.load();
    this.workers = new Workers(threads);
    this.slabs = new Slabs(2 * threads);
    this.products = new Products(workers);
    this.factorisations = new Factorisations(products);
    this.elementwise = new Elementwise(workers);
    this.reductions = new Reductions(workers);
    this.kernels = kernels;
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String describe() {
    String[] config = OpenBlasControl.config().split(" ");
    return "cpu: " + config[0] + (config.length > 1 ? " " + config[1] : "") + " (" + OpenBlasControl.coreName() + ", "
        + OpenBlasControl.threading().name().toLowerCase(Locale.ROOT) + "), " + workers.threads()
        + (workers.threads() == 1 ? " thread, " : " threads, ") + kernels.of(DType.F64);
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
    return workers.threads();
  }

  @Override
  public Memory scratch(long bytes) {
    return slabs.lend(bytes);
  }

  @Override
  public void tiles(long count, long workspaceBytes, TileTask task) {
    workers.requireOpen();
    Runnable all = () -> workers.forEach(
        count, () -> new TileShare(slabs, slabs.take(workspaceBytes), workspaceBytes, task));
    if (Workers.working()) {
      all.run();
    } else {
      Products.GATE.shared(all);
    }
  }

  @Override
  public void gemm(Transpose ta, Transpose tb, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
    if (a.size() == 0) {
      rescale(beta, c);
    } else if (c.size() > 0) {
      products.gemm(ta, tb, alpha, a, b, beta, c);
    }
  }

  @Override
  public void syrk(Triangle triangle, Transpose ta, double alpha, Matrix a, double beta, Matrix c) {
    if (a.size() > 0) {
      products.syrk(triangle, ta, alpha, a, beta, c);
    } else {
      for (long row = 0; row < c.rows(); row++) {
        Matrix half = triangle == Triangle.LOWER ? c.block(row, 0, 1, row + 1) : c.block(row, row, 1, c.cols() - row);
        rescale(beta, half);
      }
    }
  }

  @Override
  public void groupedGemm(int repeat, Transpose tb, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
    workers.requireOpen();
    GroupedProduct.where(kernels, a, repeat, c.cols()).ifPresentOrElse(
        product -> product.into(b, tb, alpha, beta, c), () -> gemm(Transpose.NO, tb, alpha, a, b, beta, c));
  }

  @Override
  public void bitGemm(Transpose ta, Matrix a, Matrix b, double beta, Matrix c) {
    workers.requireOpen();
    if (!BitProduct.formed(kernels, ta, a, b, beta, c)) {
      gemm(ta, Transpose.NO, 1, a, b, beta, c);
    }
  }

  @Override
  public void maskedGemm(Matrix v, Matrix a, Matrix b, Matrix c) {
    if (!MaskedProduct.into(workers, kernels, v, a, b, false, c)) {
      gemm(Transpose.NO, Transpose.YES, 1, a, b, 0, c);
    }
  }

  @Override
  public void maskedSyrk(Matrix v, Matrix a, Matrix c) {
    if (!MaskedProduct.into(workers, kernels, v, a, a, true, c)) {
      syrk(Triangle.UPPER, Transpose.NO, 1, a, 0, c);
    }
  }

  @Override
  public void faceSplitGram(Matrix f, Matrix g, Matrix h, Matrix w, @Nullable Matrix e, Matrix c) {
    workers.requireOpen();
    if (c.size() > 0) {
      new FaceSplitGram(this, products, kernels).into(f, g, h, w, e, c);
    }
  }

  /** {@code Y = beta Y}; not read when {@code beta} is 0, as BLAS has it. */
  void rescale(double beta, Matrix y) {
    if (beta == 0) {
      fill(0, y);
    } else {
      add(beta, y, 0, y);
    }
  }

  @Override
  public void mirror(Triangle from, Matrix c) {
    elementwise.each(Math.ceilDiv(c.rows(), Square.SIDE), Square.SIDE * c.cols(), new Mirror(from, c)::band);
  }

  @Override
  public void copy(Matrix x, Matrix y) {
    HostMatrix from = HostMatrix.of(x);
    HostMatrix to = HostMatrix.of(y);
    Conversion conversion = Conversion.of(kernels, x.dtype(), y.dtype());
    elementwise.runs((i, j, n) ->
        conversion.run(from.segment(), from.at(i, j), to.segment(), to.at(i, j), n), x, y);
  }

  @Override
  public void eigh(Matrix a, Matrix values) {
    if (LargeEigen.suits(a.rows())) {
      mirror(Triangle.LOWER, a);
      if (LargeEigen.suits(a.dtype(), maxAbs(a))) {
        LargeEigen.all(products, a, values);
        return;
      }
    }
    factorisations.eigh(a, values);
  }

  @Override
  public void eighRange(Matrix a, long first, Matrix values, Matrix vectors) {
    factorisations.eighRange(a, first, values, vectors);
  }

  @Override
  public void svd(Matrix a, Matrix u, Matrix values, Matrix v) {
    factorisations.svd(a, u, values, v);
  }

  @Override
  public void qr(Matrix a, Matrix r) {
    factorisations.qr(a, r);
  }

  @Override
  public void lq(Matrix a, Matrix l) {
    factorisations.lq(a, l);
  }

  @Override
  public long cholesky(Matrix a) {
    return factorisations.cholesky(a);
  }

  @Override
  public void solveTriangular(Side side, Triangle triangle, Transpose tt, double alpha, Matrix t, Matrix b) {
    factorisations.solveTriangular(side, triangle, tt, alpha, t, b);
  }

  @Override
  public void transpose(Matrix x, Matrix y) {
    elementwise.each(Math.ceilDiv(x.rows(), Square.SIDE), Square.SIDE * x.cols(), new Transposition(x, y)::band);
  }

  @Override
  public void fill(double value, Matrix y) {
    HostMatrix to = HostMatrix.of(y);
    RowKernels k = kernels.of(y.dtype());
    elementwise.runs((i, j, n) -> k.fill(value, to.segment(), to.at(i, j), n), y);
  }

  @Override
  public void shift(double value, Matrix y) {
    HostMatrix to = HostMatrix.of(y);
    RowKernels k = kernels.of(y.dtype());
    elementwise.runs((i, j, n) -> k.shift(value, to.segment(), to.at(i, j), n), y);
  }

  @Override
  public void add(double alpha, Matrix x, double beta, Matrix y) {
    HostMatrix from = HostMatrix.of(x);
    HostMatrix to = HostMatrix.of(y);
    RowKernels k = kernels.of(y.dtype());
    elementwise.runs(beta == 0
        ? (i, j, n) -> k.scale(alpha, from.segment(), from.at(i, j), to.segment(), to.at(i, j), n)
        : (i, j, n) -> k.add(alpha, from.segment(), from.at(i, j), beta, to.segment(), to.at(i, j), n), x, y);
  }

  @Override
  public void map(UnaryFunction function, Matrix x, Matrix y) {
    HostMatrix from = HostMatrix.of(x);
    HostMatrix to = HostMatrix.of(y);
    var map = new TileMap(function, kernels.of(y.dtype()), to.elements());
    elementwise.runs((i, j, n) -> map.run(from.segment(), from.at(i, j), to.segment(), to.at(i, j), n), x, y);
  }

  @Override
  public void multiply(Matrix x, Matrix y, Matrix z) {
    HostMatrix left = HostMatrix.of(x);
    HostMatrix right = HostMatrix.of(y);
    HostMatrix to = HostMatrix.of(z);
    RowKernels k = kernels.of(z.dtype());
    elementwise.runs((i, j, n) -> k.multiply(left.segment(), left.at(i, j), right.segment(), right.at(i, j),
        to.segment(), to.at(i, j), n), x, y, z);
  }

  @Override
  public void addRow(double alpha, Matrix row, Matrix y) {
    HostMatrix from = HostMatrix.of(row);
    HostMatrix to = HostMatrix.of(y);
    RowKernels k = kernels.of(y.dtype());
    elementwise.rows(y.rows(), y.cols(), (i, j, n) ->
        k.add(alpha, from.segment(), from.at(0, j), 1, to.segment(), to.at(i, j), n));
  }

  @Override
  public void multiplyRow(Matrix row, Matrix x, Matrix y) {
    HostMatrix factors = HostMatrix.of(row);
    HostMatrix from = HostMatrix.of(x);
    HostMatrix to = HostMatrix.of(y);
    RowKernels k = kernels.of(y.dtype());
    elementwise.rows(y.rows(), y.cols(), (i, j, n) -> k.multiply(factors.segment(), factors.at(0, j),
        from.segment(), from.at(i, j), to.segment(), to.at(i, j), n));
  }

  @Override
  public void multiplyColumn(Matrix column, Matrix x, Matrix y) {
    HostMatrix factors = HostMatrix.of(column);
    HostMatrix from = HostMatrix.of(x);
    HostMatrix to = HostMatrix.of(y);
    RowKernels k = kernels.of(y.dtype());
    elementwise.rows(y.rows(), y.cols(), (i, j, n) -> k.scale(factors.get(i, 0),
        from.segment(), from.at(i, j), to.segment(), to.at(i, j), n));
  }

  @Override
  public void multiplyRepeated(Matrix g, Matrix b, int repeat) {
    HostMatrix factors = HostMatrix.of(g);
    HostMatrix to = HostMatrix.of(b);
    RowKernels k = kernels.of(b.dtype());
    elementwise.rows(b.rows(), b.cols(), (i, j, n) -> k.multiply(factors.segment(), factors.at(i / repeat, j),
        to.segment(), to.at(i, j), to.segment(), to.at(i, j), n));
  }

  @Override
  public void faceSplit(double alpha, Matrix g, Matrix w, Matrix b) {
    HostMatrix left = HostMatrix.of(g);
    HostMatrix right = HostMatrix.of(w);
    HostMatrix to = HostMatrix.of(b);
    RowKernels k = kernels.of(b.dtype());
    long repeat = Math.max(1, w.rows());
    elementwise.rows(b.rows(), b.cols(), (i, j, n) -> {
      k.multiply(left.segment(), left.at(i / repeat, j), right.segment(), right.at(i % repeat, j),
          to.segment(), to.at(i, j), n);
      k.scale(alpha, to.segment(), to.at(i, j), to.segment(), to.at(i, j), n);
    });
  }

  @Override
  public void outerRows(double alpha, Matrix b, Matrix a, int repeat, Matrix y) {
    HostMatrix left = HostMatrix.of(b);
    HostMatrix right = HostMatrix.of(a);
    HostMatrix to = HostMatrix.of(y);
    RowKernels k = kernels.of(y.dtype());
    elementwise.each(y.rows(), y.cols(), i -> k.outer(alpha, left.segment(), left.at(i, 0), b.cols(),
        right.segment(), right.at(i / repeat, 0), a.cols(), to.segment(), to.at(i, 0)));
  }

  @Override
  public void shiftDiagonal(double value, Matrix y) {
    HostMatrix to = HostMatrix.of(y);
    for (long i = 0; i < Math.min(y.rows(), y.cols()); i++) {
      to.set(i, i, to.get(i, i) + value);
    }
  }

  @Override
  public void softmaxRows(Matrix x, Matrix logSumExp) {
    elementwise.each(x.rows(), Math.max(1, x.cols()), new Softmax(kernels.of(x.dtype()), x, logSumExp)::row);
  }

  @Override
  public void addHadamard(Matrix f, Matrix b, int repeat, Matrix c) {
    new Expansions(kernels.of(c.dtype()), repeat).addHadamard(elementwise, f, b, c);
  }

  @Override
  public void addKroneckerIdentity(Matrix f, int repeat, Matrix c) {
    new Expansions(kernels.of(c.dtype()), repeat).addKroneckerIdentity(elementwise, f, c);
  }

  @Override
  public double sum(Matrix x) {
    return reductions.sum(x, kernels.of(x.dtype())::sum);
  }

  @Override
  public double dot(Matrix x, Matrix y) {
    return reductions.sum(x, y, kernels.of(x.dtype())::dot);
  }

  @Override
  public double sumSquaredDifferences(Matrix x, Matrix y) {
    return reductions.sum(x, y, kernels.of(x.dtype())::sumSquaredDifferences);
  }

  @Override
  public double maxAbs(Matrix x) {
    return reductions.max(x, kernels.of(x.dtype())::maxAbs);
  }

  @Override
  public long firstNonFinite(Matrix x) {
    return reductions.firstNonFinite(x, kernels.of(x.dtype())::maxAbs);
  }

  @Override
  public void rowDots(Matrix x, Matrix y, Matrix column) {
    HostMatrix to = HostMatrix.of(column);
    Reductions.Two dot = kernels.of(x.dtype())::dot;
    elementwise.each(column.rows(), Math.max(1, x.cols()), row ->
        to.set(row, 0, Reductions.rowSum(x, y, row, dot)));
  }

  @Override
  public void columnSums(double alpha, Matrix x, double beta, Matrix row) {
    var sums = new ColumnSums(kernels.of(x.dtype()), kernels.of(DType.F64), x);
    sums.into(row, alpha, beta, workers);
  }

  @Override
  public void close() {
    workers.close();
    slabs.close();
  }
}
