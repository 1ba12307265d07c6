/**
 * Computes on an NVIDIA GPU: products by cuBLAS, factorisations by cuSOLVER, everything else by the kernels of one CUDA
 * C source, {@code kernels.cu}, which NVRTC compiles for the device at hand.
 *
 * <p>Work is put into streams and the caller goes on; whoever wants numbers waits. Outside tiles all work goes into one
 * stream, in the order of the calls, whichever thread makes them. A thread that runs tiles has a
 * {@link io.contraspectra.core.backend.cuda.Lane} of its own: a stream, with handles, workspaces and memory that no
 * other stream uses, so that its results have the same bits however many lanes are busy. cuBLAS and cuSOLVER see the
 * transpose of our row-major matrices.
 */
package io.contraspectra.core.backend.cuda;
