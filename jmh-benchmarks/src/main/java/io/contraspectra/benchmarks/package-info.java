/**
 * Benchmarks of the kernels, each checked for its result before it is timed. Rates are compared within one run, so that
 * a number says what part of the machine's own product rate a kernel reaches.
 */
package io.contraspectra.benchmarks;
