package io.contraspectra.core.backend.cuda;

import io.contraspectra.bindings.cuda.CudaLibrary;
import io.contraspectra.bindings.cuda.Cublas.MathMode;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.backend.Engine;
import io.contraspectra.core.backend.Side;
import io.contraspectra.core.backend.TileTask;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.backend.Triangle;
import io.contraspectra.core.backend.UnaryFunction;
import io.contraspectra.core.backend.cpu.Workers;
import io.contraspectra.core.matrix.BackendUnavailable;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Memory;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Computes on an NVIDIA GPU. Each operation goes into the lane of the thread that calls it; {@link Products} and
 * {@link Factorisations} call the device's libraries, {@link Elementwise} and {@link Reductions} launch our kernels.
 */
public final class CudaEngine implements Engine {

  // More streams than this bring no more of the device's multiprocessors to work, and each wants memory of its own.
  private static final int MOST_LANES = 4;
  private static final int FIRST_WITH_TF32 = 80;
  private static final long BYTES_A_LANE = 256L << 20;

  private final Workers workers;
  private final int tileLanes;
  private final Lanes lanes;
  private final Kernels kernels;
  private final String description;
  private final Elementwise elementwise;
  private final Products products;
  private final Factorisations factorisations;
  private final Reductions reductions;

  /**
   * Opens the device.
   *
   * @param threads threads that run tiles at once for one caller, at least 1
   */
  public CudaEngine(int threads) {
    if (threads < 1) {
      throw new InvalidArgument("the cuda backend needs at least 1 thread, got " + threads);
    }
    MathMode math = mathMode();
    Device device = Device.open();
    try {
      requireMath(math, device);
      List.of(CudaLibrary.CUBLAS, CudaLibrary.CUSOLVER, CudaLibrary.NVRTC).forEach(CudaLibrary::require);
      this.kernels = new Kernels(device);
      this.description = "cuda: " + device.describe() + ", driver for CUDA " + CudaLibrary.DRIVER.version()
          + ", cuBLAS of CUDA " + CudaLibrary.CUBLAS.version()
          + (math == MathMode.TF32 ? ", f32 products in TF32" : "");
      this.tileLanes = Math.clamp(device.allowed() / BYTES_A_LANE, 1, Math.min(threads, MOST_LANES));
      this.workers = new Workers(tileLanes);
      this.lanes = new Lanes(device, math, workers);
    } catch (RuntimeException e) {
      device.close();
      throw e;
    }
    try {
      kernels.require(DType.F64);
    } catch (RuntimeException e) {
      lanes.close(kernels::close);
      throw e;
    }
    this.elementwise = new Elementwise(kernels);
    this.products = new Products(elementwise);
    this.factorisations = new Factorisations(elementwise, products);
    this.reductions = new Reductions(kernels);
  }

  private static MathMode mathMode() {
    String name = System.getProperty(Backends.DEVICE_MATH_PROPERTY, "exact");
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "exact" -> MathMode.EXACT;
      case "tf32" -> MathMode.TF32;
      default -> throw InvalidArgument.unknown(
          "system property " + Backends.DEVICE_MATH_PROPERTY, name, List.of("exact", "tf32"));
    };
  }

  private static void requireMath(MathMode math, Device device) {
    if (math == MathMode.TF32 && device.capability() < FIRST_WITH_TF32) {
      throw new BackendUnavailable("backend 'cuda' is unavailable: " + device.describe() + " has no TF32, which begins"
          + " with compute capability 8.0; compute exactly");
    }
  }

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public String describe() {
    return description;
  }

  @Override
  public String space() {
    return lanes.device().space();
  }

  @Override
  public Memory allocate(long bytes) {
    return lanes.with(lane -> lanes.zeros(lane, bytes));
  }

  @Override
  public long available() {
    return Math.max(0, lanes.available() - tileLanes * (Products.PAIR_BYTES + Lane.workspaceBytes(lanes.device())));
  }

  @Override
  public int concurrency() {
    return tileLanes;
  }

  @Override
  public void tiles(long count, long workspaceBytes, TileTask task) {
    lanes.run(lane -> {}); // refuses a closed backend, even without tiles
    workers.forEach(count, () -> new TileLane(lanes, workspaceBytes, task));
  }

  @Override
  public void gemm(Transpose ta, Transpose tb, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
    run(lane -> products.gemm(lane, ta, tb, alpha, at(a), at(b), beta, at(c)));
  }

  @Override
  public void syrk(Triangle triangle, Transpose ta, double alpha, Matrix a, double beta, Matrix c) {
    run(lane -> products.syrk(lane, triangle, ta, alpha, at(a), beta, at(c)));
  }

  @Override
  public void groupedGemm(int repeat, Transpose tb, double alpha, Matrix a, Matrix b, double beta, Matrix c) {
    gemm(Transpose.NO, tb, alpha, a, b, beta, c);
  }

  @Override
  public void faceSplitGram(Matrix f, Matrix g, Matrix h, Matrix w, @Nullable Matrix e, Matrix c) {
    fill(0, c);
    run(lane -> products.addFaceSplitGram(lane, at(f), at(g), at(h), at(w), at(c)));
    if (e != null) {
      addKroneckerIdentity(e, Math.toIntExact(w.rows()), c);
    }
  }

  @Override
  public void mirror(Triangle from, Matrix c) {
    run(lane -> elementwise.mirror(lane, from, at(c)));
  }

  @Override
  public void eigh(Matrix a, Matrix values) {
    run(lane -> factorisations.eigh(lane, at(a), at(values)));
  }

  @Override
  public void eighRange(Matrix a, long first, Matrix values, Matrix vectors) {
    run(lane -> factorisations.eighRange(lane, at(a), first, at(values), at(vectors)));
  }

  @Override
  public void svd(Matrix a, Matrix u, Matrix values, Matrix v) {
    run(lane -> factorisations.svd(lane, at(a), at(u), at(values), at(v)));
  }

  @Override
  public void qr(Matrix a, Matrix r) {
    run(lane -> factorisations.qr(lane, at(a), at(r)));
  }

  @Override
  public void lq(Matrix a, Matrix l) {
    run(lane -> factorisations.lq(lane, at(a), at(l)));
  }

  @Override
  public long cholesky(Matrix a) {
    return with(lane -> factorisations.cholesky(lane, at(a)));
  }

  @Override
  public void solveTriangular(Side side, Triangle triangle, Transpose tt, double alpha, Matrix t, Matrix b) {
    run(lane -> products.solveTriangular(lane, side, triangle, tt, alpha, at(t), at(b)));
  }

  @Override
  public void copy(Matrix x, Matrix y) {
    run(lane -> elementwise.copy(lane, at(x), at(y)));
  }

  @Override
  public void transpose(Matrix x, Matrix y) {
    run(lane -> products.transpose(lane, at(x), at(y)));
  }

  @Override
  public void fill(double value, Matrix y) {
    run(lane -> elementwise.fill(lane, value, at(y)));
  }

  @Override
  public void shift(double value, Matrix y) {
    run(lane -> elementwise.shift(lane, value, at(y)));
  }

  @Override
  public void add(double alpha, Matrix x, double beta, Matrix y) {
    run(lane -> elementwise.add(lane, alpha, at(x), beta, at(y)));
  }

  @Override
  public void map(UnaryFunction function, Matrix x, Matrix y) {
    run(lane -> elementwise.map(lane, function, at(x), at(y)));
  }

  @Override
  public void multiply(Matrix x, Matrix y, Matrix z) {
    run(lane -> elementwise.multiply(lane, at(x), at(y), at(z)));
  }

  @Override
  public void addRow(double alpha, Matrix row, Matrix y) {
    run(lane -> elementwise.addRow(lane, alpha, at(row), at(y)));
  }

  @Override
  public void multiplyMapped(UnaryFunction function, Matrix x, Matrix y) {
    run(lane -> elementwise.multiplyMapped(lane, function, at(x), at(y)));
  }

  @Override
  public void multiplyRow(Matrix row, Matrix x, Matrix y) {
    run(lane -> products.multiplyRow(lane, at(row), at(x), at(y)));
  }

  @Override
  public void multiplyColumn(Matrix column, Matrix x, Matrix y) {
    run(lane -> products.multiplyColumn(lane, at(column), at(x), at(y)));
  }

  @Override
  public void multiplyRepeated(Matrix g, Matrix b, int repeat) {
    run(lane -> elementwise.multiplyRepeated(lane, at(g), at(b), repeat));
  }

  @Override
  public void faceSplit(double alpha, Matrix g, Matrix w, Matrix b) {
    run(lane -> elementwise.faceSplit(lane, alpha, at(g), at(w), at(b)));
  }

  @Override
  public void outerRows(double alpha, Matrix b, Matrix a, int repeat, Matrix y) {
    run(lane -> elementwise.outerRows(lane, alpha, at(b), at(a), repeat, at(y)));
  }

  @Override
  public void addHadamard(Matrix f, Matrix b, int repeat, Matrix c) {
    run(lane -> elementwise.addHadamard(lane, at(f), at(b), repeat, at(c)));
  }

  @Override
  public void addKroneckerIdentity(Matrix f, int repeat, Matrix c) {
    run(lane -> elementwise.addKroneckerIdentity(lane, at(f), repeat, at(c)));
  }

  @Override
  public void shiftDiagonal(double value, Matrix y) {
    run(lane -> elementwise.shiftDiagonal(lane, value, at(y)));
  }

  @Override
  public void softmaxRows(Matrix x, Matrix logSumExp) {
    run(lane -> elementwise.softmaxRows(lane, at(x), at(logSumExp)));
  }

  @Override
  public double sum(Matrix x) {
    return with(lane -> reductions.sum(lane, at(x)));
  }

  @Override
  public double dot(Matrix x, Matrix y) {
    return with(lane -> reductions.dot(lane, at(x), at(y)));
  }

  @Override
  public double sumSquaredDifferences(Matrix x, Matrix y) {
    return with(lane -> reductions.sumSquaredDifferences(lane, at(x), at(y)));
  }

  @Override
  public double maxAbs(Matrix x) {
    return with(lane -> reductions.maxAbs(lane, at(x)));
  }

  @Override
  public long firstNonFinite(Matrix x) {
    return with(lane -> reductions.firstNonFinite(lane, at(x)));
  }

  @Override
  public void rowDots(Matrix x, Matrix y, Matrix column) {
    run(lane -> reductions.rowDots(lane, at(x), at(y), at(column)));
  }

  @Override
  public void columnSums(double alpha, Matrix x, double beta, Matrix row) {
    run(lane -> reductions.columnSums(lane, alpha, at(x), beta, at(row)));
  }

  @Override
  public void close() {
    workers.close();
    lanes.close(kernels::close);
  }

  private static Operand at(Matrix m) {
    return Operand.of(m);
  }

  private void run(Consumer<Lane> work) {
    lanes.run(work);
  }

  private <T> T with(Function<Lane, T> work) {
    return lanes.with(work);
  }
}
