package io.contraspectra.core.ntk;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.ShapeMismatch;
import io.contraspectra.core.matrix.Workspace;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.Parameters;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a kernel needs of some samples of one set of inputs: the activations a^l, slopes phi'(z^l), and the backward
 * signals {@code B^l}, the derivatives of all outputs with respect to z^l (ntk.md 2): {@code B^L = I} and
 * {@code B^(l-1) = s_l (B^l W^l) ∘ phi'(z^(l-1))}, with the factor phi' repeated over the outputs.
 *
 * <p>{@code B^(L-1)} is the face-splitting product of slopes and readout; its Gram needs no more than these two, so it
 * is formed only on the way down, for a few samples at a time. Not all samples need be held: there may be one span of
 * them or several, which are filled one after the other. Signals are computed chunk by chunk, so that those of a
 * sample have the same bits whichever others are held beside them and however many threads compute.
 */
final class InputSignals implements AutoCloseable {

  /** Rows of B^(L-1) that are formed at a time: enough for gemm to be efficient. */
  private static final long BLOCK_ROWS = 320;

  private final Network network;
  private final Matrix x;
  private final SampleBlocks blocks;
  private final SignalNeeds needs;
  private final @Nullable Matrix slopeWeights;
  private final Workspace workspace;
  private final Matrix[] activations;
  private final Matrix[] slopes;
  private final Matrix[] signals;
  private final Span[] spans;

  /**
   * Allocates the signals of some samples; none are held yet.
   *
   * @param x N x d inputs, kept by reference
   * @param capacities samples that each span can hold at a time
   */
  InputSignals(Network network, Matrix x, SignalNeeds needs, SampleBlocks blocks, long... capacities) {
    requireInputs(network, x);
    this.network = network;
    this.x = x;
    this.blocks = blocks;
    this.needs = needs;
    this.spans = new Span[capacities.length];
    long capacity = 0;
    for (int i = 0; i < spans.length; i++) {
      spans[i] = new Span(capacity);
      capacity += capacities[i];
    }
    int hidden = architecture().layers() - 1;
    this.workspace = backend().workspace(bytes(network, needs, capacity));
    this.activations = new Matrix[hidden];
    this.slopes = new Matrix[hidden];
    this.signals = new Matrix[Math.max(0, hidden - 1)];
    for (int layer = 1; layer <= (needs.readout() ? hidden : hidden - 1); layer++) {
      activations[layer - 1] = carve(capacity, layer);
    }
    for (int layer = Math.max(1, needs.lowestSlope(architecture())); layer <= hidden; layer++) {
      slopes[layer - 1] = carve(capacity, layer);
    }
    for (int layer = needs.lowest(); layer < hidden; layer++) {
      signals[layer - 1] = carve(capacity * outputs(), layer);
    }
    this.slopeWeights = needs.weighted() && hidden > 0 ? carve(1, hidden) : null;
    if (slopeWeights != null) {
      slopeWeights.copyFrom(rootMeanSquares(network));
    }
  }

  /** The signals of all of X. */
  static InputSignals of(Network network, Matrix x, SignalNeeds needs, SampleBlocks blocks) {
    var signals = new InputSignals(network, x, needs, blocks, x.rows());
    try {
      signals.load(0, 0, x.rows());
      return signals;
    } catch (RuntimeException | Error e) {
      signals.close();
      throw e;
    }
  }

  /** Bytes that the signals of {@code capacity} samples take. */
  static long bytes(Network network, SignalNeeds needs, long capacity) {
    Architecture architecture = network.architecture();
    int hidden = architecture.layers() - 1;
    long bytes = needs.weighted() && hidden > 0 ? Workspace.bytes(network.dtype(), 1, architecture.width(hidden)) : 0;
    for (int layer = 1; layer <= hidden; layer++) {
      int matrices = layer < needs.lowestSlope(architecture) || layer == hidden && !needs.readout() ? 1 : 2;
      bytes += matrices * Workspace.bytes(network.dtype(), capacity, architecture.width(layer));
    }
    for (int layer = needs.lowest(); layer < hidden; layer++) {
      bytes += Workspace.bytes(network.dtype(), capacity * architecture.outputs(), architecture.width(layer));
    }
    return bytes;
  }

  /** Bytes that each thread takes while it computes a chunk. */
  static long scratchBytes(Network network, SampleBlocks blocks) {
    Architecture architecture = network.architecture();
    long bytes = 0;
    for (int layer = 1; layer < architecture.layers() - 1; layer++) {
      bytes += Workspace.bytes(network.dtype(), blocks.chunk(), architecture.width(layer));
    }
    return architecture.layers() <= 2 ? 0 : bytes + Workspace.bytes(network.dtype(),
        readoutSamples(architecture) * architecture.outputs(), architecture.width(architecture.layers() - 1));
  }

  /** Flops that the signals of one sample take, forward up to the last hidden layer and backward from there. */
  static double flopsPerSample(Architecture architecture, SignalNeeds needs) {
    double flops = 0;
    for (int layer = 1; layer < architecture.layers(); layer++) {
      int backward = layer > needs.lowest() ? architecture.outputs() : 0;
      flops += 2.0 * (1 + backward) * architecture.width(layer) * architecture.width(layer - 1);
    }
    return flops;
  }

  /**
   * Computes the signals of some samples, in place of those that a span held before.
   *
   * @param span which span
   * @param first first sample, at the start of a chunk
   * @param count at most the span's capacity; up to the end of a chunk, or of all samples
   */
  void load(int span, long first, long count) {
    Span target = spans[span];
    target.start = first;
    target.held = 0;
    backend().tiles(Math.ceilDiv(count, blocks.chunk()), scratchBytes(network, blocks), (index, scratch) -> {
      long from = index * blocks.chunk();
      chunk(first + from, target.row + from, Math.min(blocks.chunk(), count - from), scratch);
    });
    target.held = count;
  }

  /** Some consecutive samples, and where their rows are. */
  private static final class Span {
    private final long row;
    private long start;
    private long held;

    Span(long row) {
      this.row = row;
    }

    boolean holds(long first, long count) {
      return first >= start && first + count <= start + held;
    }
  }

  // Samples from `first` on, whose signals go to rows from `row` on.
  private void chunk(long first, long row, long count, Workspace scratch) {
    int hidden = architecture().layers() - 1;
    var slopesOf = new Matrix[hidden];
    Matrix below = x.rowRange(first, count);
    for (int layer = 1; layer <= hidden; layer++) {
      Matrix z = layer < needs.lowestSlope(architecture())
          ? scratch.matrix(network.dtype(), count, architecture().width(layer))
          : slopes[layer - 1].rowRange(row, count);
      preActivation(layer, below, z);
      if (layer < hidden || needs.readout()) {
        below = activations[layer - 1].rowRange(row, count);
        backend().map(architecture().activation().function(), z, below);
      }
      backend().map(architecture().activation().derivative(), z, z);
      slopesOf[layer - 1] = z;
    }
    if (needs.lowest() < hidden) {
      backward(row, count, slopesOf, scratch);
    }
    if (slopeWeights != null) {
      backend().multiplyRow(slopeWeights, slopesOf[hidden - 1], slopesOf[hidden - 1]);
    }
  }

  private void preActivation(int layer, Matrix below, Matrix z) {
    Parameters parameters = network.parameters();
    backend().gemm(NO, YES, architecture().scale(layer), below, parameters.weight(layer), 0, z);
    if (architecture().biased()) {
      backend().addRow(architecture().biasScale(), parameters.bias(layer), z);
    }
  }

  // A few samples go all the way down before the next ones start.
  private void backward(long row, long count, Matrix[] slopesOf, Workspace scratch) {
    int readout = architecture().layers();
    long step = readoutSamples(architecture());
    Matrix top = scratch.matrix(network.dtype(), step * outputs(), architecture().width(readout - 1));
    for (long done = 0; done < count; done += step) {
      long n = Math.min(step, count - done);
      Matrix above = top.rowRange(0, n * outputs());
      backend().faceSplit(
          architecture().scale(readout), slopesOf[readout - 2].rowRange(done, n), readoutWeights(), above);
      for (int layer = readout - 2; layer >= needs.lowest(); layer--) {
        Matrix signal = signals[layer - 1].rowRange((row + done) * outputs(), n * outputs());
        backend().groupedGemm(outputs(), NO, architecture().scale(layer + 1), above,
            network.parameters().weight(layer + 1), 0, signal);
        backend().multiplyRepeated(slopesOf[layer - 1].rowRange(done, n), signal, outputs());
        above = signal;
      }
    }
  }

  private static long readoutSamples(Architecture architecture) {
    return Math.max(1, BLOCK_ROWS / architecture.outputs());
  }

  /** {@code sqrt(s_L² Σ_k W_km² / K)} for every unit m under the readout. */
  static double[] rootMeanSquares(Network network) {
    Architecture architecture = network.architecture();
    double[] weights = network.parameters().weight(architecture.layers()).toArray();
    var roots = new double[architecture.width(architecture.layers() - 1)];
    for (int m = 0; m < roots.length; m++) {
      double norm = 0;
      for (int at = m; at < weights.length; at += roots.length) {
        norm = Math.hypot(norm, weights[at]);
      }
      roots[m] = Math.abs(architecture.scale(architecture.layers())) * norm / Math.sqrt(architecture.outputs());
    }
    return roots;
  }

  /** N. */
  long samples() {
    return x.rows();
  }

  /** Whether a span holds exactly these samples. */
  boolean holds(int span, long first, long count) {
    return spans[span].start == first && spans[span].held == count && count > 0;
  }

  /** a^l of some samples that one span holds, count x n_l, for l = 0..L-1. */
  Matrix activation(int layer, long first, long count) {
    return layer == 0 ? x.rowRange(first, count) : activations[layer - 1].rowRange(row(first, count), count);
  }

  /** phi'(z^l) of some samples, count x n_l, for l = L-1, scaled if so asked, and the layers below if they are kept. */
  Matrix slope(int layer, long first, long count) {
    return slopes[layer - 1].rowRange(row(first, count), count);
  }

  /** What the slopes under the readout are scaled by, 1 x n_(L-1), where they are. */
  Matrix slopeWeights() {
    return Objects.requireNonNull(slopeWeights, "slopes are not weighted");
  }

  /** B^l of some samples, row {@code n*K + k} for output k at sample n, for l = 1..L-2. */
  Matrix signal(int layer, long first, long count) {
    return signals[layer - 1].rowRange(row(first, count) * outputs(), count * outputs());
  }

  private long row(long first, long count) {
    for (Span span : spans) {
      if (span.holds(first, count)) {
        return span.row + first - span.start;
      }
    }
    throw new IllegalStateException("signals of samples " + first + " to " + (first + count - 1) + " are not held");
  }

  /** W^L, K x n_(L-1). */
  Matrix readoutWeights() {
    return network.parameters().weight(architecture().layers());
  }

  private static void requireInputs(Network network, Matrix x) {
    if (x.cols() != network.architecture().inputs()) {
      throw new ShapeMismatch("ntk: " + x.describe("X") + " must have " + network.architecture().inputs()
          + " columns, the input dimension of the network " + network.architecture().widths());
    }
  }

  private Matrix carve(long rows, int layer) {
    return workspace.matrix(network.dtype(), rows, architecture().width(layer));
  }

  private int outputs() {
    return architecture().outputs();
  }

  private Architecture architecture() {
    return network.architecture();
  }

  private Backend backend() {
    return network.backend();
  }

  @Override
  public void close() {
    workspace.close();
  }
}
