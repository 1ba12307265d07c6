/**
 * The engine of the host's processors: products by OpenBLAS, everything else by {@link
 * io.contraspectra.core.backend.cpu.RowKernels kernels} over runs of contiguous elements, functions by {@link
 * io.contraspectra.core.backend.cpu.TileFunctions tiles} in the first-level cache.
 *
 * <p>Numbers never depend on the number of threads, except those of whole-matrix BLAS calls. {@link
 * io.contraspectra.core.backend.cpu.Elementwise} and {@link io.contraspectra.core.backend.cpu.Reductions} cut matrices
 * into runs and blocks by shape alone; {@link io.contraspectra.core.backend.cpu.Workers} decides who computes them.
 */
package io.contraspectra.core.backend.cpu;
