package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.DType;

/** Every call that writes a matrix, on many shapes and layouts, against the oracle. */
class OutputContractTest {

  @EveryBackend
  void agreesWithTheOracle(Backend backend, DType dtype, OutputCall call) {
    var oracle = new Oracle(backend, dtype);
    for (Size size : Size.CONTRACT) {
      oracle.requireAgreement(call, size, 0.7, 0);
      oracle.requireAgreement(call, size, -1.3, 1);
      oracle.requireAgreement(call, size, 1, -0.4);
    }
  }
}
