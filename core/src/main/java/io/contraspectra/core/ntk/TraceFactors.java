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
import org.jspecify.annotations.Nullable;

/**
 * Products of the trace kernel with vectors that form no part of the kernel. With {@code F^l} of N x q_l, the backward
 * signals of all outputs side by side or, under the readout, the weighted slopes, a layer's part of the kernel is the
 * Gram of the row-wise Khatri-Rao product of {@code F^l} and {@code A^(l-1)}, and its product with u is
 *
 * <p>{@code y_n = s_l² Σ_j A_nj (F C)_nj + beta² (F c)_n} with {@code C = Fᵀ diag(u) A} and {@code c = Fᵀ u},
 *
 * <p>which takes {@code 4 N q_l n_(l-1)} flops: for a two-layer net 4NdM (ntk.md 2). The readout's part is
 * {@code s_L² A Aᵀ u + beta² Σ u}; of a ReLU network, all but its biases comes with the layer below, see
 * {@link GatedLayer}. Sums over samples run chunk by chunk, so that products have the same bits for any
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
  private final @Nullable GatedLayer gated;

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
    this.gated = GatedLayer.in(architecture) ? new GatedLayer(network) : null;
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
    long scratch = network.backend().concurrency()
        * (InputSignals.scratchBytes(network, blocks) + tileBytes(network, blocks));
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
    double flops = GatedLayer.in(architecture) ? 0 : 4.0 * architecture.width(architecture.layers() - 1);
    for (int layer = 1; layer < architecture.layers(); layer++) {
      flops += 4.0 * factorCols(architecture, layer)
          * (architecture.width(layer - 1) + (architecture.biased() ? 1 : 0));
    }
    return flops;
  }

  private static SignalNeeds needs(Architecture architecture) {
    SignalNeeds needs = KernelKind.TRACE.needs(NtkTerms.all(architecture));
    return GatedLayer.in(architecture) ? new SignalNeeds(needs.lowest(), false, false, false) : needs;
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

  private static long tileBytes(Network network, SampleBlocks blocks) {
    Architecture architecture = network.architecture();
    boolean gated = GatedLayer.in(architecture);
    long cols = widest(architecture) + (gated && architecture.biased() ? 1 : 0);
    long bytes = Workspace.bytes(network.dtype(), blocks.chunk(), cols * batch(architecture))
        + Workspace.bytes(network.dtype(), blocks.chunk(), 1);
    return gated ? Math.max(bytes, GatedLayer.combineBytes(network)) : bytes;
  }

  private static long batchBytes(Network network) {
    Architecture architecture = network.architecture();
    long batch = batch(architecture);
    int top = architecture.layers() - 1;
    boolean gated = GatedLayer.in(architecture);
    long bytes = gated
        ? Workspace.bytes(network.dtype(), architecture.width(top), batch * GatedLayer.cols(architecture))
        : Workspace.bytes(network.dtype(), batch, architecture.width(top));
    for (int layer = 1; layer <= (gated ? top - 1 : top); layer++) {
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

  /**
   * Some vectors, their products, and what they are contracted to: C and c of each hidden layer, and Aᵀu; of a gated
   * layer instead of these its sums.
   */
  private record Batch(Matrix x, Matrix y, double[] sums, Matrix[] products, Matrix[] biases, Matrix top) {}

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
    int plain = gated == null ? hidden : hidden - 1;
    var products = new Matrix[plain];
    var biases = new Matrix[plain];
    for (int layer = 1; layer <= plain; layer++) {
      long cols = factorCols(architecture, layer);
      products[layer - 1] = zeros(cols, x.rows() * architecture.width(layer - 1));
      biases[layer - 1] = zeros(x.rows(), cols);
    }
    var sums = new double[(int) x.rows()];
    Arrays.setAll(sums, v -> architecture.biased() ? backend.sum(x.rowRange(v, 1)) : 0);
    return new Batch(x, y, sums, products, biases, gated == null ? zeros(x.rows(), architecture.width(hidden))
        : zeros(architecture.width(hidden), x.rows() * GatedLayer.cols(architecture)));
  }

  private Matrix zeros(long rows, long cols) {
    Matrix matrix = factors.matrix(network.dtype(), rows, cols);
    backend.fill(0, matrix);
    return matrix;
  }

  private void pass(List<Batch> batches, Meter done) {
    groups.ascending(group -> contract(group, batches, done));
    if (gated != null) {
      combine(gated, batches);
    }
    groups.descending(group -> expand(group, batches, done));
  }

  private void combine(GatedLayer layer, List<Batch> batches) {
    List<Rows> tasks = batches.stream().flatMap(batch -> rows(batch, architecture.layers() - 1)).toList();
    backend.tiles(tasks.size(), GatedLayer.combineBytes(network), (index, workspace) -> {
      Rows rows = tasks.get((int) index);
      layer.combine(rows.batch().top(), rows.batch().x().rows(), rows.from(), rows.end(), workspace);
    });
  }

  /** Rows {@code from} to {@code end - 1} of what a batch is contracted to in one layer. */
  private record Rows(Batch batch, int layer, long from, long end) {}

  /** {@code C += Fᵀ diag(u) A} over the samples of a group, chunk by chunk. */
  private void contract(SignalGroups.Group group, List<Batch> batches, Meter done) {
    List<Rows> tasks = batches.stream().flatMap(this::rows).toList();
    backend.tiles(tasks.size(), tileBytes(network, plan.blocks()), (index, workspace) -> {
      Rows rows = tasks.get((int) index);
      for (long chunk = 0; chunk < group.chunks(); chunk++) {
        workspace.reset();
        contract(rows, group.first(chunk), group.size(chunk), workspace);
      }
      done.add(group.count() * 2.0 * rows.batch().x().rows() * (rows.end() - rows.from()) * weights(rows.layer()));
    });
  }

  private Stream<Rows> rows(Batch batch) {
    int layers = gated == null ? architecture.layers() : architecture.layers() - 1;
    return IntStream.rangeClosed(1, layers).boxed().flatMap(layer -> rows(batch, layer));
  }

  private Stream<Rows> rows(Batch batch, int layer) {
    long all = layer < architecture.layers() ? factorCols(architecture, layer) : 1;
    long height = isGated(layer) ? GatedLayer.rowsPerTile(all) : FactorPlan.rowsPerTile(all);
    return LongStream.range(0, Math.ceilDiv(all, height))
        .mapToObj(i -> new Rows(batch, layer, i * height, Math.min(all, (i + 1) * height)));
  }

  private boolean isGated(int layer) {
    return gated != null && layer == architecture.layers() - 1;
  }

  private void contract(Rows rows, long first, long count, Workspace workspace) {
    Matrix vectors = rows.batch().x().block(0, first, rows.batch().x().rows(), count);
    Matrix activation = groups.signals().activation(rows.layer() - 1, first, count);
    if (rows.layer() == architecture.layers()) {
      backend.gemm(NO, NO, 1, vectors, activation, 1, rows.batch().top());
      return;
    }
    long height = rows.end() - rows.from();
    Matrix factor = factor(rows.layer(), first, count).block(0, rows.from(), count, height);
    if (gated != null && isGated(rows.layer())) {
      gated.contract(vectors, activation, factor, rows.batch().top().rowRange(rows.from(), height), workspace);
      return;
    }
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
    backend.tiles(tiles, tileBytes(network, plan.blocks()), (index, workspace) -> {
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

  /** {@code y += s_L² A Aᵀ u + beta² Σ u}, the first part only where no gated layer has it. */
  private void readout(Batch batch, long first, long count) {
    int layers = architecture.layers();
    Matrix y = batch.y().block(0, first, batch.y().rows(), count);
    if (gated == null) {
      backend.gemm(NO, YES, square(architecture.scale(layers)), batch.top(),
          groups.signals().activation(layers - 1, first, count), 1, y);
    }
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
    if (gated != null && isGated(layer)) {
      gated.expand(batch.top(), activation, factor, y, workspace);
      return;
    }
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
