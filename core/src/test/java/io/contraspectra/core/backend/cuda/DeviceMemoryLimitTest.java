package io.contraspectra.core.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Backends;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.OutOfDeviceMemory;
import io.contraspectra.core.network.Activation;
import io.contraspectra.core.network.Architecture;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.network.TestNetworks;
import io.contraspectra.core.ntk.EmpiricalNtk;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Kernels that are larger than what the device, or the user, allows. */
class DeviceMemoryLimitTest {

  private static final Architecture ARCHITECTURE = Architecture.ntk(Activation.RELU, 2, 3, 4);
  private static final int SAMPLES = 500;

  @AfterEach
  void noLimit() {
    System.clearProperty(Backends.DEVICE_MEMORY_PROPERTY);
  }

  @Test
  void kernelLargerThanTheDeviceGoesToTheHost() {
    CudaEmulator.requireLoaded();
    long side = (long) SAMPLES * ARCHITECTURE.outputs();
    double[] expected;
    try (var backend = new Backend(CudaEmulator.engine()); Network network = network(backend);
        Matrix x = inputs(backend); Matrix gram = EmpiricalNtk.of(network).full(x)) {
      expected = gram.toArray();
    }
    System.setProperty(Backends.DEVICE_MEMORY_PROPERTY, String.valueOf(side * side * Double.BYTES - 1));
    try (var backend = new Backend(CudaEmulator.engine()); Backend host = Backends.cpu(1);
        Network network = network(backend); Matrix x = inputs(backend);
        Matrix gram = host.zeros(DType.F64, side, side)) {
      assertThrows(OutOfDeviceMemory.class, () -> EmpiricalNtk.of(network).full(x));
      EmpiricalNtk.of(network).withBudget(12 << 20).full(x, gram);
      assertArrayEquals(expected, gram.toArray(), "the bits of a kernel that has room");
    }
  }

  @Test
  void lanesAreFewerWhereMemoryIsShort() {
    CudaEmulator.requireLoaded();
    System.setProperty(Backends.DEVICE_MEMORY_PROPERTY, String.valueOf(200 << 20));
    try (var backend = new Backend(CudaEmulator.engine())) {
      assertTrue(backend.concurrency() == 1 && backend.available() > 60 << 20, () -> backend.available() + " bytes");
    }
  }

  private static Network network(Backend backend) {
    return TestNetworks.gaussian(ARCHITECTURE, backend, DType.F64, 1);
  }

  private static Matrix inputs(Backend backend) {
    return TestNetworks.inputs(backend, DType.F64, SAMPLES, ARCHITECTURE.inputs(), 2);
  }
}
