package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.DType;

/** Every call that writes a matrix, on many shapes and layouts, against the oracle. */
class OutputContractTest {

  @EveryBackend
  void agreesWithTheOracle(Backend backend, DType dtype, OutputCall call) {
    var oracle = new Oracle(backend, dtype);
    for (Sizes sizes : Sizes.CONTRACT) {
      oracle.requireAgreement(call, sizes, 0.7, 0);
      oracle.requireAgreement(call, sizes, -1.3, 1);
      oracle.requireAgreement(call, sizes, 1, -0.4);
    }
    oracle.requireAgreement(call, Sizes.LARGE, 0.7, -0.4);
  }
}
