package io.contraspectra.core.ntk;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Progress;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Parameters;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Products of the full kernel with vectors that form no part of the kernel: {@code J (Jᵀ u)} by a pass backward and a
 * pass forward (ntk.md 2). Backward, {@code D^L = u}, {@code D^(l-1) = s_l (D^l W^l) ∘ phi'(z^(l-1))},
 * {@code G^l = s_l D^lᵀ A^(l-1)} and {@code g^l = beta Σ_n D^l_n}; forward along that direction,
 * {@code dz^l = s_l (A^(l-1) G^lᵀ + dA^(l-1) W^lᵀ) + beta g^l} and {@code dA^l = phi'(z^l) ∘ dz^l}, to dz^L.
 *
 * <p>Sums over samples run chunk by chunk, so that products have the same bits for any budget and any number of
 * threads. One thread at a time; close it.
 */
final class FullFactors implements KernelProduct {

  private final Network network;
  private final Backend backend;
  private final Architecture architecture;
  private final FactorPlan plan;
  private final Progress progress;
  private final SignalGroups groups;
  private final Workspace factors;
  private final Workspace held;
  private final Matrix[] cotangents;

  /**
   * Allocates what the plan says; nothing is computed yet.
   *
   * @param x N x d inputs
   */
  FullFactors(Network network, Matrix x, FactorPlan plan, Progress progress) {
    this.network = network;
    this.backend = network.backend();
    this.architecture = network.architecture();
    this.plan = plan;
    this.progress = progress;
    this.groups = new SignalGroups(network, x, SignalNeeds.passes(architecture), plan);
    try {
      this.held = backend.workspace(cotangentBytes(network, plan.capacity()));
    } catch (RuntimeException | Error e) {
      groups.close();
      throw e;
    }
    try {
      this.factors = backend.workspace(plan.batches() * directionBytes(network));
    } catch (RuntimeException | Error e) {
      groups.close();
      held.close();
      throw e;
    }
    this.cotangents = new Matrix[architecture.layers() - 1];
    for (int layer = 1; layer < architecture.layers(); layer++) {
      cotangents[layer - 1] = held.matrix(network.dtype(), plan.capacity(), architecture.width(layer));
    }
  }

  /** The plan for products with {@code vectors} vectors within a budget. */
  static FactorPlan plan(Network network, long samples, long vectors, long budget) {
    Architecture architecture = network.architecture();
    SampleBlocks blocks = KernelKind.FULL.blocks(architecture, samples);
    long scratch = network.backend().concurrency()
        * (InputSignals.scratchBytes(network, blocks) + cotangentBytes(network, blocks.chunk()));
    return FactorPlan.of(blocks, count -> InputSignals.bytes(network, SignalNeeds.passes(architecture), count)
        + cotangentBytes(network, count), scratch, directionBytes(network), vectors, budget);
  }

  /** Flops of a product with so many vectors. */
  static double flops(Network network, FactorPlan plan, long vectors) {
    Architecture architecture = network.architecture();
    long passes = Math.ceilDiv(vectors, plan.batches());
    double perVector = backwardFlops(architecture) + contractFlops(architecture) + forwardFlops(architecture);
    return vectors * perVector * plan.blocks().samples() + passes * plan.samplesLoaded()
        * InputSignals.flopsPerSample(architecture, SignalNeeds.passes(architecture));
  }

  // Per vector and sample.
  private static double backwardFlops(Architecture architecture) {
    return contractFlops(architecture) - 2.0 * architecture.width(0) * architecture.width(1);
  }

  private static double contractFlops(Architecture architecture) {
    return IntStream.rangeClosed(1, architecture.layers())
        .mapToDouble(layer -> 2.0 * architecture.width(layer) * architecture.width(layer - 1)).sum();
  }

  private static double forwardFlops(Architecture architecture) {
    return contractFlops(architecture) + backwardFlops(architecture);
  }

  /** One matrix of samples x n_l for each hidden layer. */
  private static long cotangentBytes(Network network, long samples) {
    return IntStream.range(1, network.architecture().layers())
        .mapToLong(layer -> Workspace.bytes(network.dtype(), samples, network.architecture().width(layer))).sum();
  }

  private static long directionBytes(Network network) {
    return Workspace.bytes(network.dtype(), 1, network.architecture().parameters());
  }

  @Override
  public void apply(Matrix x, Matrix y) {
    var done = new Meter(progress, flops(network, plan, x.rows()));
    for (long first = 0; first < x.rows(); first += plan.batches()) {
      long count = Math.min(plan.batches(), x.rows() - first);
      pass(x.rowRange(first, count), y.rowRange(first, count), done);
    }
  }

  private void pass(Matrix x, Matrix y, Meter done) {
    factors.reset();
    var directions = new ArrayList<Parameters>();
    for (long v = 0; v < x.rows(); v++) {
      Matrix flat = factors.matrix(network.dtype(), 1, architecture.parameters());
      backend.fill(0, flat);
      directions.add(new Parameters(architecture, flat));
    }
    groups.ascending(group -> {
      for (int v = 0; v < directions.size(); v++) {
        Matrix vector = x.rowRange(v, 1);
        backward(group, vector, done);
        contract(group, vector, directions.get(v), done);
      }
    });
    groups.descending(group -> forward(group, directions, y, done));
  }

  /** D^l of a group's samples, for the layers under the readout. */
  private void backward(SignalGroups.Group group, Matrix vector, Meter done) {
    backend.tiles(group.chunks(), 0, (chunk, unused) -> {
      long first = group.first(chunk);
      long count = group.size(chunk);
      Matrix above = outputs(vector, first, count);
      for (int layer = architecture.layers() - 1; layer >= 1; layer--) {
        Matrix below = cotangent(group, layer, first, count);
        backend.gemm(
            NO, NO, architecture.scale(layer + 1), above, network.parameters().weight(layer + 1), 0, below);
        backend.multiply(groups.signals().slope(layer, first, count), below, below);
        above = below;
      }
      done.add(count * backwardFlops(architecture));
    });
  }

  /** Rows {@code from} to {@code end - 1} of a layer's part of a direction. */
  private record Rows(int layer, long from, long end) {}

  /** {@code G^l += s_l D^lᵀ A^(l-1)} over the samples of a group, chunk by chunk. */
  private void contract(SignalGroups.Group group, Matrix vector, Parameters direction, Meter done) {
    List<Rows> tasks = IntStream.rangeClosed(1, architecture.layers()).boxed().flatMap(this::rows).toList();
    backend.tiles(tasks.size(), 0, (index, unused) -> {
      Rows rows = tasks.get((int) index);
      for (long chunk = 0; chunk < group.chunks(); chunk++) {
        contract(rows, group, group.first(chunk), group.size(chunk), vector, direction);
      }
      done.add(2.0 * group.count() * (rows.end() - rows.from()) * architecture.width(rows.layer() - 1));
    });
  }

  private Stream<Rows> rows(int layer) {
    long all = architecture.width(layer);
    long height = FactorPlan.rowsPerTile(all);
    return LongStream.range(0, Math.ceilDiv(all, height))
        .mapToObj(i -> new Rows(layer, i * height, Math.min(all, (i + 1) * height)));
  }

  private void contract(
      Rows rows, SignalGroups.Group group, long first, long count, Matrix vector, Parameters direction) {
    int layer = rows.layer();
    long height = rows.end() - rows.from();
    Matrix all = layer == architecture.layers()
        ? outputs(vector, first, count) : cotangent(group, layer, first, count);
    Matrix cotangent = all.block(0, rows.from(), count, height);
    backend.gemm(YES, NO, architecture.scale(layer), cotangent, groups.signals().activation(layer - 1, first, count),
        1, direction.weight(layer).rowRange(rows.from(), height));
    if (architecture.biased()) {
      backend.columnSums(
          architecture.biasScale(), cotangent, 1, direction.bias(layer).block(0, rows.from(), 1, height));
    }
  }

  /** dz^L of a group's samples, along every direction. */
  private void forward(SignalGroups.Group group, List<Parameters> directions, Matrix y, Meter done) {
    long tiles = group.chunks() * directions.size();
    backend.tiles(tiles, cotangentBytes(network, plan.blocks().chunk()), (index, workspace) -> {
      int v = (int) (index % directions.size());
      long first = group.first(index / directions.size());
      long count = group.size(index / directions.size());
      forward(directions.get(v), first, count, workspace, outputs(y.rowRange(v, 1), first, count));
      done.add(count * forwardFlops(architecture));
    });
  }

  private void forward(Parameters direction, long first, long count, Workspace workspace, Matrix output) {
    Matrix below = output;
    for (int layer = 1; layer <= architecture.layers(); layer++) {
      boolean last = layer == architecture.layers();
      Matrix change = last ? output : workspace.matrix(network.dtype(), count, architecture.width(layer));
      double scale = architecture.scale(layer);
      backend.gemm(
          NO, YES, scale, groups.signals().activation(layer - 1, first, count), direction.weight(layer), 0, change);
      if (layer > 1) {
        backend.gemm(NO, YES, scale, below, network.parameters().weight(layer), 1, change);
      }
      if (architecture.biased()) {
        backend.addRow(architecture.biasScale(), direction.bias(layer), change);
      }
      if (!last) {
        backend.multiply(groups.signals().slope(layer, first, count), change, change);
      }
      below = change;
    }
  }

  private Matrix cotangent(SignalGroups.Group group, int layer, long first, long count) {
    return cotangents[layer - 1].rowRange(first - group.first(), count);
  }

  /** The entries of a vector that belong to some samples, count x K. */
  private Matrix outputs(Matrix vector, long first, long count) {
    long outputs = architecture.outputs();
    return vector.block(0, first * outputs, 1, count * outputs).reshape(count, outputs);
  }

  @Override
  public void close() {
    factors.close();
    held.close();
    groups.close();
  }
}
