package io.contraspectra.core.ntk;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Progress;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;

/**
 * Some rows of a kernel of one set of inputs with itself, formed as cross kernels with a block of samples at a time.
 */
final class KernelRows {

  /** Samples of a block: their signals are all that is held beside those of the chosen rows. */
  private static final long BLOCK = 2048;

  private final Network network;
  private final Backend backend;
  private final KernelKind kind;
  private final Matrix inputs;
  private final long perSample;

  KernelRows(Network network, KernelKind kind, Matrix inputs) {
    this.network = network;
    this.backend = network.backend();
    this.kind = kind;
    this.inputs = inputs;
    this.perSample = kind.rowsPerSample(network.architecture());
  }

  /**
   * {@code C = Theta[indices, :]}.
   *
   * @param indices rows of the kernel
   * @param c b x n, overwritten
   */
  void into(int[] indices, Matrix c, Progress progress) {
    KernelShapes.require("C", c, indices.length, inputs.rows() * perSample);
    var done = new Meter(progress, c.size() * kind.flopsPerPair(network.architecture()) / (perSample * perSample));
    try (Matrix chosen = chosen(indices); InputSignals left = signals(chosen)) {
      for (long first = 0; first < inputs.rows(); first += BLOCK) {
        long count = Math.min(BLOCK, inputs.rows() - first);
        try (InputSignals right = signals(inputs.rowRange(first, count))) {
          block(indices, left, right, c.block(0, first * perSample, indices.length, count * perSample));
        }
        done.add(count * indices.length * kind.flopsPerPair(network.architecture()) / perSample);
      }
    }
  }

  private void block(int[] indices, InputSignals left, InputSignals right, Matrix target) {
    var terms = NtkTerms.all(network.architecture());
    if (perSample == 1) {
      kind.gram(network, left, right, terms).into(target);
      return;
    }
    try (Matrix all = backend.zeros(network.dtype(), left.samples() * perSample, target.cols())) {
      kind.gram(network, left, right, terms).into(all);
      for (int i = 0; i < indices.length; i++) {
        backend.copy(all.rowRange(i * perSample + indices[i] % perSample, 1), target.rowRange(i, 1));
      }
    }
  }

  /** The samples that the rows belong to, one a row, so that none is looked for. */
  private Matrix chosen(int[] indices) {
    Matrix samples = backend.zeros(network.dtype(), indices.length, inputs.cols());
    try {
      for (int i = 0; i < indices.length; i++) {
        if (indices[i] < 0 || indices[i] >= inputs.rows() * perSample) {
          throw new InvalidArgument("ntk: row " + indices[i] + " of a kernel with rows 0 to "
              + (inputs.rows() * perSample - 1));
        }
        backend.copy(inputs.rowRange(indices[i] / perSample, 1), samples.rowRange(i, 1));
      }
      return samples;
    } catch (RuntimeException | Error e) {
      samples.close();
      throw e;
    }
  }

  private InputSignals signals(Matrix samples) {
    Architecture architecture = network.architecture();
    return InputSignals.of(network, samples, kind.needs(NtkTerms.all(architecture)),
        kind.blocks(architecture, samples.rows()));
  }
}
