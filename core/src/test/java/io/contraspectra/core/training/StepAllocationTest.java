package io.contraspectra.core.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.TestBackend;
import io.contraspectra.core.data.Samplers;
import io.contraspectra.core.loss.Loss;
import io.contraspectra.core.loss.LossEntry;
import io.contraspectra.core.loss.LossStyle;
import io.contraspectra.core.loss.Losses;
import io.contraspectra.core.loss.SideArray;
import io.contraspectra.core.loss.SideArrays;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.MemoryLedger;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.TestNetworks;
import io.contraspectra.core.optimize.Optimizers;
import io.contraspectra.core.random.RandomStreams;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * After the first steps of a run, none puts an array on the heap that grows with samples or outputs; what comes and
 * goes is views of matrices and records of tiles, some hundred bytes a row.
 */
class StepAllocationTest {

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int WARM_UP = 3;
  private static final int STEPS = 3;
  private static final int INPUTS = 6;
  // Samples and outputs are equal, so that any matrix of the loss has at least this many elements.
  private static final int SIDE = 384;
  private static final long ALLOWED_BYTES = (long) SIDE * SIDE * Float.BYTES;

  static Stream<String> names() {
    return Losses.catalogue().stream().map(LossEntry::name);
  }

  @ParameterizedTest
  @MethodSource("names")
  void stepsAllocateNoArrays(String name) {
    for (DType dtype : DType.values()) {
      long bytes = leastOfStep(name, dtype);
      assertTrue(bytes < ALLOWED_BYTES, () -> name + " " + dtype + ": a step allocated " + bytes + " bytes, of which "
          + ALLOWED_BYTES + " would be too many");
    }
  }

  private static long leastOfStep(String name, DType dtype) {
    LossEntry entry = Losses.entry(name);
    var constants = new HashMap<String, String>();
    entry.parameters().stream().filter(p -> p.defaultValue().isEmpty()).forEach(p -> constants.put(p.name(), "0.01"));
    Loss loss = entry.loss(constants);
    var inputs = new ArrayList<Matrix>();
    try (Backend backend = TestBackend.CPU_PLAIN.open();
        Network network = TestNetworks.gaussian(Architecture.ntk(Activation.RELU, INPUTS, 32, SIDE), backend,
            dtype, 1);
        Towers towers = Towers.shared(network);
        Matrix graph = ring(backend, dtype, loss.style() == LossStyle.GRAPH ? SIDE : 0);
        Matrix queue = TestNetworks.inputs(backend, dtype, SIDE + 5, SIDE, 9)) {
      for (int block = 0; block < loss.blocks(); block++) {
        Matrix input = TestNetworks.inputs(backend, dtype, SIDE, INPUTS, 20 + block);
        backend.scale(0.02, input);
        inputs.add(input);
      }
      SideArrays side = loss.style() == LossStyle.GRAPH ? SideArrays.of(SideArray.GRAPH, graph)
          : name.equals("nnclr") ? SideArrays.of(SideArray.QUEUE, queue) : SideArrays.NONE;
      var sampler = Samplers.given(backend, inputs, SIDE, RandomStreams.of(0));
      try (var trainer = new Trainer(
          towers, loss, side, sampler, Descent.of(Optimizers.ADAM, 1e-3), Constraints.NONE)) {
        return leastOfStep(trainer);
      }
    } finally {
      inputs.forEach(Matrix::close);
    }
  }

  private static long leastOfStep(Trainer trainer) {
    trainer.run(WARM_UP);
    MemoryLedger.resetPeak();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < STEPS; i++) {
      long before = THREADS.getTotalThreadAllocatedBytes();
      trainer.run(1);
      least = Math.min(least, THREADS.getTotalThreadAllocatedBytes() - before);
    }
    assertEquals(MemoryLedger.openBytes(), MemoryLedger.peakBytes(), "native memory of a step");
    assertFalse(trainer.hasDiverged());
    assertEquals(WARM_UP + STEPS, trainer.step());
    return least;
  }

  private static Matrix ring(Backend backend, DType dtype, int samples) {
    Matrix graph = backend.zeros(dtype, samples, samples);
    for (int i = 0; i < samples; i++) {
      graph.set(i, (i + 1) % samples, 1);
      graph.set((i + 1) % samples, i, 1);
    }
    return graph;
  }
}
