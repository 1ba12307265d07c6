package io.contraspectra.core.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.TestNetworks;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkFileTest {

  @TempDir
  private Path folder;

  @EveryBackend
  void readsWhatItWrites(Backend backend, DType dtype) {
    var plain = Architecture.ntk(Activation.ERF, 3, 5, 2);
    var biased = Architecture.ntk(Activation.GELU, 3, 4, 4, 1).withBiases(0.5).withInputScale(0.25);
    for (Architecture architecture : List.of(plain, biased)) {
      Path file = folder.resolve("net-" + architecture.layers() + ".npz");
      try (Network network = TestNetworks.gaussian(architecture, backend, dtype, 1)) {
        NetworkFile.write(file, IfExists.REPLACE, network);
        try (Network copy = NetworkFile.read(file, backend, dtype, null)) {
          assertEquals(architecture, copy.architecture());
          assertArrayEquals(network.parameters().flat().toArray(), copy.parameters().flat().toArray());
        }
      }
    }
  }

  @EveryBackend
  void readsAStateDictInNumericOrder(Backend backend) {
    try (Network network = NetworkFile.read(Fixtures.numpy("state-dict.npz"), backend, DType.F64, Activation.TANH)) {
      assertEquals(new Architecture(List.of(3, 4, 5, 2), Activation.TANH, List.of(1.0, 1.0, 1.0), true, 1),
          network.architecture());
      assertEquals(-1 + 11 / 8.0, network.parameters().weight(1).get(3, 2));
      assertArrayEquals(new double[] {0, 1, 2, 3, 4}, network.parameters().bias(2).toArray());
    }
  }

  @EveryBackend
  void fillsInDefaultsAndObeysTheOverride(Backend backend) {
    Path file = archive(Map.of("W1", array(5, 3), "W2", array(2, 5), "b1", array(5), "b2", array(2),
        "activation", NpyArray.of("relu")));
    try (Network network = NetworkFile.read(file, backend, DType.F64, Activation.ERF)) {
      assertEquals(Architecture.ntk(Activation.ERF, 3, 5, 2).withBiases(1), network.architecture());
    }
  }

  @Test
  void namesWhatDoesNotFit() {
    assertRefused("holds no network, but the arrays [V]; save the weights as W1", Map.of("V", array(5, 3)));
    assertRefused("has weights of the layers [1, 3]; they must be W1, W2, ... without a gap",
        Map.of("W1", array(5, 3), "W3", array(2, 5)));
    assertRefused("array W2: shape (2, 4) of <f8, but the layer before has 5 outputs",
        Map.of("W1", array(5, 3), "W2", array(2, 4)));
    assertRefused("array W1: shape (5,) of <f8 is no weight of a dense layer", Map.of("W1", array(5)));
    assertRefused("array W1: shape (0, 3) of <f8 is no weight", Map.of("W1", array(0, 3)));
    assertRefused("has weights of the layers [1, 2], but biases of the layers [1]",
        Map.of("W1", array(5, 3), "W2", array(2, 5), "b1", array(5)));
    assertRefused("array b1: shape (4,) of <f8, but shape (5,) is needed", Map.of("W1", array(5, 3), "b1", array(4)));
    assertRefused("array scales: shape (2,) of <f8, but shape (1,) is needed",
        Map.of("W1", array(5, 3), "scales", array(2)));
    assertRefused("array scales holds a NaN", Map.of("W1", array(5, 3),
        "scales", NpyArray.of(new double[] {Double.NaN}, 1)));
    assertRefused("array beta has shape (3,), a single value",
        Map.of("W1", array(5, 3), "b1", array(5), "beta", array(3)));
    assertRefused("does not say which activation it uses", Map.of("W1", array(5, 3)));
    assertRefused("array activation: unknown activation 'swish'",
        Map.of("W1", array(5, 3), "activation", NpyArray.of("swish")));
    assertRefused("array W1 holds text", Activation.RELU, Map.of("W1", textMatrix()));
  }

  private void assertRefused(String reason, Map<String, NpyArray> arrays) {
    assertRefused(reason, null, arrays);
  }

  private void assertRefused(String reason, @Nullable Activation activation, Map<String, NpyArray> arrays) {
    Path file = archive(arrays);
    try (Backend backend = Fixtures.memoryOnly()) {
      String message = assertThrows(InvalidData.class,
          () -> NetworkFile.read(file, backend, DType.F64, activation)).getMessage();
      assertTrue(message.startsWith(file.toString()) && message.contains(reason), message);
    }
  }

  private Path archive(Map<String, NpyArray> arrays) {
    Path file = folder.resolve("net.npz");
    Npz.write(file, IfExists.REPLACE, npz -> {
      for (var array : arrays.entrySet()) {
        npz.put(array.getKey(), array.getValue());
      }
    });
    return file;
  }

  private static NpyArray array(long... shape) {
    int size = 1;
    for (long axis : shape) {
      size *= (int) axis;
    }
    return NpyArray.of(new double[size], shape);
  }

  private static NpyArray textMatrix() {
    var header = NpyHeader.rowMajor(new NpyType(NpyType.Kind.BYTES, 1), Shape.of(1, 2));
    return new NpyArray("text", header, MemorySegment.ofArray(new byte[] {'a', 'b'}));
  }
}
