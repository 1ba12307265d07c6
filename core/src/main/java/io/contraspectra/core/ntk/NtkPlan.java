package io.contraspectra.core.ntk;

/**
 * What a kernel will cost, known before it is computed.
 *
 * @param rows rows and columns of the Gram
 * @param flops floating-point operations of the products, a multiply-add counted as 2
 * @param bytes memory that it takes at its peak, the result included, the inputs and parameters not
 * @param tiles independent pieces of work
 */
public record NtkPlan(long rows, double flops, long bytes, long tiles) {}
