package io.contraspectra.core.backend;

/**
 * About how much there is to compute, by which {@code auto} chooses where: a device pays when the time that it saves is
 * more than its start and the transfers take.
 *
 * @param flops floating-point operations in matrix products and factorisations
 * @param bytes bytes of the inputs and results that go to a device and back
 */
public record Work(double flops, double bytes) {

  /** Work of unknown size, which stays on the processors. */
  public static final Work UNKNOWN = new Work(0, 0);
}
