/**
 * OpenBLAS: products and triangular solves ({@link io.contraspectra.bindings.openblas.Cblas}), symmetric eigenproblems
 * ({@link io.contraspectra.bindings.openblas.Lapacke}, {@link io.contraspectra.bindings.openblas.LapackeRange}),
 * singular values ({@link io.contraspectra.bindings.openblas.LapackeSvd}), Cholesky and orthogonal factorisations
 * ({@link io.contraspectra.bindings.openblas.LapackeFactor}) and its threads
 * ({@link io.contraspectra.bindings.openblas.OpenBlasControl}).
 *
 * <p>A method here is one C routine behind checks that leave nothing to crash on: sizes fit 32-bit integers, leading
 * dimensions cover a row, every element lies inside its segment, results overlap no input. What fails is an
 * {@link java.lang.IllegalArgumentException} that names routine, operand and numbers. A closed arena or a wrong thread
 * is reported by the exceptions of {@link java.lang.foreign.MemorySegment}; a library that cannot be had, by
 * {@link io.contraspectra.bindings.load.NativeUnavailableException}.
 *
 * <p>Linking is plain, never {@code Linker.Option.critical}: garbage collection goes on during a long call.
 */
package io.contraspectra.bindings.openblas;
