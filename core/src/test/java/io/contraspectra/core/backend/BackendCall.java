package io.contraspectra.core.backend;

import io.contraspectra.core.matrix.Matrix;
import java.util.List;
import java.util.stream.Stream;

/** One way to call one operation of {@link Backend}, so that tests can range over all of them. */
sealed interface BackendCall permits OutputCall, TwoOutputCall, FactorisationCall, ScalarCall {

  /** Every call that the contract knows. */
  static Stream<BackendCall> all() {
    return Stream.of(OutputCall.values(), TwoOutputCall.values(), FactorisationCall.values(), ScalarCall.values())
        .flatMap(Stream::of);
  }

  /** Name of the method of {@link Backend}, with which its error messages start. */
  String operation();

  /** Shapes of all operands, outputs last. */
  List<Shape> shapes(Sizes sizes);

  /**
   * Makes the call.
   *
   * @param alpha factor of the inputs, where the operation has one
   * @param beta factor of the output, where the operation has one
   * @return the result of a reduction, 0 of a call that has an output
   */
  double run(Backend backend, Sizes sizes, double alpha, double beta, Matrix... operands);
}
