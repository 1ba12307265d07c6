package io.contraspectra.core.ntk;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Progress;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Products of the trace kernel with vectors that form no part of the kernel. With {@code F^l} of N x q_l, the backward
 * signals of all outputs side by side or, under the readout, the weighted slopes, a layer's part of the kernel is the
 * Gram of the row-wise Khatri-Rao product of {@code F^l} and {@code A^(l-1)}, and its product with u is
 *
 * <p>{@code y_n = s_l² Σ_j A_nj (F C)_nj + beta² (F c)_n} with {@code C = Fᵀ diag(u) A} and {@code c = Fᵀ u},
 *
 * <p>which takes {@code 4 N q_l n_(l-1)} flops: for a two-layer net 4NdM (ntk.md 2). The readout's part is
 * {@code s_L² A Aᵀ u + beta² Σ u}. Sums over samples run chunk by chunk, so that products have the same bits for any
 * budget and any number of threads. One thread at a time; close it.
 */
final class TraceFactors implements KernelProduct {

  // Columns of a product with several vectors side by side: enough for gemm to be efficient with few inputs.
  private static final long BATCH_COLS = 512;
  private final Network network;
  private final Backend backend;
  private final Architecture architecture;
  private final FactorPlan plan;
  private final Progress progress;
  private final SignalGroups groups;
  private final Workspace factors;

  /**
   * Allocates what the plan says; nothing is computed yet.
   *
   * @param x N x d inputs
   */
  TraceFactors(Network network, Matrix x, FactorPlan plan, Progress progress) {
    this.network = network;
    this.backend = network.backend();
    this.architecture = network.architecture();
    this.plan = plan;
    this.progress = progress;
    this.groups = new SignalGroups(network, x, needs(architecture), plan);
    try {
      this.factors = backend.workspace(plan.batches() * batchBytes(network));
    } catch (RuntimeException | Error e) {
      groups.close();
      throw e;
    }
  }

  /** The plan for products with {@code vectors} vectors within a budget. */
  static FactorPlan plan(Network network, long samples, long vectors, long budget) {
    Architecture architecture = network.architecture();
    SampleBlocks blocks = KernelKind.TRACE.blocks(architecture, samples);
    long scratch = network.backend().concurrency() * Math.max(InputSignals.scratchBytes(network, blocks),
        Math.max(contractBytes(network, blocks), expandBytes(network, blocks)));
    return FactorPlan.of(blocks, held -> InputSignals.bytes(network, needs(architecture), held), scratch,
        batchBytes(network), Math.ceilDiv(vectors, batch(architecture)), budget);
  }

  /** Flops of a product with so many vectors. */
  static double flops(Network network, FactorPlan plan, long vectors) {
    Architecture architecture = network.architecture();
    long passes = Math.ceilDiv(vectors, plan.batches() * batch(architecture));
    return vectors * flopsPerVector(architecture) * plan.blocks().samples()
        + passes * plan.samplesLoaded() * InputSignals.flopsPerSample(architecture, needs(architecture));
  }

  /** Flops for one vector and one sample. */
  private static double flopsPerVector(Architecture architecture) {
    double flops = 4.0 * architecture.width(architecture.layers() - 1);
    for (int layer = 1; layer < architecture.layers(); layer++) {
      flops += 4.0 * factorCols(architecture, layer)
          * (architecture.width(layer - 1) + (architecture.biased() ? 1 : 0));
    }
    return flops;
  }

  private static SignalNeeds needs(Architecture architecture) {
    return KernelKind.TRACE.needs(NtkTerms.all(architecture));
  }

  /** q_l. */
  private static long factorCols(Architecture architecture, int layer) {
    return (layer < architecture.layers() - 1 ? architecture.outputs() : 1L) * architecture.width(layer);
  }

  /** The largest n_(l-1) of a hidden layer: the readout's activations are not scaled by a vector. */
  private static long widest(Architecture architecture) {
    return architecture.widths().stream().limit(architecture.layers() - 1).mapToLong(n -> n).max().orElse(1);
  }

  /** Vectors of a batch. */
  private static long batch(Architecture architecture) {
    return Math.max(1, BATCH_COLS / widest(architecture));
  }

  private static long contractBytes(Network network, SampleBlocks blocks) {
    Architecture architecture = network.architecture();
    return Workspace.bytes(network.dtype(), blocks.chunk(), widest(architecture) * batch(architecture));
  }

  private static long expandBytes(Network network, SampleBlocks blocks) {
    return contractBytes(network, blocks) + Workspace.bytes(network.dtype(), blocks.chunk(), 1);
  }

  private static long batchBytes(Network network) {
    Architecture architecture = network.architecture();
    long batch = batch(architecture);
    long bytes = Workspace.bytes(network.dtype(), batch, architecture.width(architecture.layers() - 1));
    for (int layer = 1; layer < architecture.layers(); layer++) {
      long cols = factorCols(architecture, layer);
      bytes += Workspace.bytes(network.dtype(), cols, batch * architecture.width(layer - 1))
          + Workspace.bytes(network.dtype(), batch, cols);
    }
    return bytes;
  }

  @Override
  public void apply(Matrix x, Matrix y) {
    backend.fill(0, y);
    var done = new Meter(progress, flops(network, plan, x.rows()));
    long step = plan.batches() * batch(architecture);
    for (long first = 0; first < x.rows(); first += step) {
      long count = Math.min(step, x.rows() - first);
      factors.reset();
      pass(batches(x.rowRange(first, count), y.rowRange(first, count)), done);
    }
  }

  /** Some vectors, their products, and what they are contracted to: C and c of each hidden layer, and Aᵀu. */
  private record Batch(Matrix x, Matrix y, double[] sums, Matrix[] products, Matrix[] biases, Matrix readout) {}

  private List<Batch> batches(Matrix x, Matrix y) {
    var batches = new ArrayList<Batch>();
    for (long first = 0; first < x.rows(); first += batch(architecture)) {
      long count = Math.min(batch(architecture), x.rows() - first);
      batches.add(batch(x.rowRange(first, count), y.rowRange(first, count)));
    }
    return batches;
  }

  private Batch batch(Matrix x, Matrix y) {
    int hidden = architecture.layers() - 1;
    var products = new Matrix[hidden];
    var biases = new Matrix[hidden];
    for (int layer = 1; layer <= hidden; layer++) {
      long cols = factorCols(architecture, layer);
      products[layer - 1] = zeros(cols, x.rows() * architecture.width(layer - 1));
      biases[layer - 1] = zeros(x.rows(), cols);
    }
    var sums = new double[(int) x.rows()];
    Arrays.setAll(sums, v -> architecture.biased() ? backend.sum(x.rowRange(v, 1)) : 0);
    return new Batch(x, y, sums, products, biases, zeros(x.rows(), architecture.width(hidden)));
  }

  private Matrix zeros(long rows, long cols) {
    Matrix matrix = factors.matrix(network.dtype(), rows, cols);
    backend.fill(0, matrix);
    return matrix;
  }

  private void pass(List<Batch> batches, Meter done) {
    groups.ascending(group -> contract(group, batches, done));
    groups.descending(group -> expand(group, batches, done));
  }

  /** Rows {@code from} to {@code end - 1} of what a batch is contracted to in one layer. */
  private record Rows(Batch batch, int layer, long from, long end) {}

  /** {@code C += Fᵀ diag(u) A} over the samples of a group, chunk by chunk. */
  private void contract(SignalGroups.Group group, List<Batch> batches, Meter done) {
    List<Rows> tasks = batches.stream().flatMap(this::rows).toList();
    backend.tiles(tasks.size(), contractBytes(network, plan.blocks()), (index, workspace) -> {
      Rows rows = tasks.get((int) index);
      for (long chunk = 0; chunk < group.chunks(); chunk++) {
        workspace.reset();
        contract(rows, group.first(chunk), group.size(chunk), workspace);
      }
      done.add(group.count() * 2.0 * rows.batch().x().rows() * (rows.end() - rows.from()) * weights(rows.layer()));
    });
  }

  private Stream<Rows> rows(Batch batch) {
    return IntStream.rangeClosed(1, architecture.layers()).boxed().flatMap(layer -> {
      long all = layer < architecture.layers() ? factorCols(architecture, layer) : 1;
      long height = FactorPlan.rowsPerTile(all);
      return LongStream.range(0, Math.ceilDiv(all, height))
          .mapToObj(i -> new Rows(batch, layer, i * height, Math.min(all, (i + 1) * height)));
    });
  }

  private void contract(Rows rows, long first, long count, Workspace workspace) {
    Matrix vectors = rows.batch().x().block(0, first, rows.batch().x().rows(), count);
    Matrix activation = groups.signals().activation(rows.layer() - 1, first, count);
    if (rows.layer() == architecture.layers()) {
      backend.gemm(NO, NO, 1, vectors, activation, 1, rows.batch().readout());
      return;
    }
    long height = rows.end() - rows.from();
    Matrix factor = factor(rows.layer(), first, count).block(0, rows.from(), count, height);
    long width = activation.cols();
    Matrix scaled = workspace.matrix(network.dtype(), count, vectors.rows() * width);
    for (long v = 0; v < vectors.rows(); v++) {
      backend.multiplyColumn(
          vectors.rowRange(v, 1).reshape(count, 1), activation, scaled.block(0, v * width, count, width));
    }
    backend.gemm(
        YES, NO, 1, factor, scaled, 1, rows.batch().products()[rows.layer() - 1].rowRange(rows.from(), height));
    if (architecture.biased()) {
      backend.gemm(NO, NO, 1, vectors, factor, 1,
          rows.batch().biases()[rows.layer() - 1].block(0, rows.from(), vectors.rows(), height));
    }
  }

  /** What every layer adds to the products at the samples of a group. */
  private void expand(SignalGroups.Group group, List<Batch> batches, Meter done) {
    long tiles = group.chunks() * batches.size();
    backend.tiles(tiles, expandBytes(network, plan.blocks()), (index, workspace) -> {
      Batch batch = batches.get((int) (index % batches.size()));
      long chunk = index / batches.size();
      readout(batch, group.first(chunk), group.size(chunk));
      for (int layer = 1; layer < architecture.layers(); layer++) {
        workspace.reset();
        expand(batch, layer, group.first(chunk), group.size(chunk), workspace);
      }
      done.add(group.size(chunk) * batch.x().rows() * flopsPerVector(architecture) / 2);
    });
  }

  /** {@code y += s_L² A Aᵀ u + beta² Σ u}. */
  private void readout(Batch batch, long first, long count) {
    int layers = architecture.layers();
    Matrix y = batch.y().block(0, first, batch.y().rows(), count);
    backend.gemm(NO, YES, square(architecture.scale(layers)), batch.readout(),
        groups.signals().activation(layers - 1, first, count), 1, y);
    if (architecture.biased()) {
      for (int v = 0; v < y.rows(); v++) {
        backend.shift(square(architecture.biasScale()) * batch.sums()[v], y.rowRange(v, 1));
      }
    }
  }

  /** {@code y_n += s_l² Σ_j A_nj (F C)_nj + beta² (F c)_n}, the signals of outputs averaged. */
  private void expand(Batch batch, int layer, long first, long count, Workspace workspace) {
    Matrix y = batch.y().block(0, first, batch.y().rows(), count);
    Matrix factor = factor(layer, first, count);
    Matrix activation = groups.signals().activation(layer - 1, first, count);
    double share = layer < architecture.layers() - 1 ? 1.0 / architecture.outputs() : 1;
    long width = activation.cols();
    Matrix image = workspace.matrix(network.dtype(), count, y.rows() * width);
    Matrix column = workspace.matrix(network.dtype(), count, 1);
    backend.gemm(NO, NO, 1, factor, batch.products()[layer - 1], 0, image);
    for (long v = 0; v < y.rows(); v++) {
      backend.rowDots(activation, image.block(0, v * width, count, width), column);
      backend.add(share * square(architecture.scale(layer)), column, 1, y.rowRange(v, 1).reshape(count, 1));
    }
    if (architecture.biased()) {
      backend.gemm(NO, YES, share * square(architecture.biasScale()), batch.biases()[layer - 1], factor, 1, y);
    }
  }

  /** F^l of some samples, count x q_l. */
  private Matrix factor(int layer, long first, long count) {
    return layer == architecture.layers() - 1 ? groups.signals().slope(layer, first, count)
        : TraceGram.bySample(groups.signals().signal(layer, first, count), count);
  }

  /** Columns of A^(l-1), and one more for biases. */
  private double weights(int layer) {
    return architecture.width(layer - 1) + (architecture.biased() && layer < architecture.layers() ? 1 : 0);
  }

  private static double square(double x) {
    return x * x;
  }

  @Override
  public void close() {
    factors.close();
    groups.close();
  }
}
