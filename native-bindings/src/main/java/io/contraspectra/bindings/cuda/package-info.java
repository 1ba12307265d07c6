/**
 * NVIDIA's libraries: the driver ({@link io.contraspectra.bindings.cuda.CudaDriver},
 * {@link io.contraspectra.bindings.cuda.CudaStreams}), cuBLAS ({@link io.contraspectra.bindings.cuda.Cublas}), cuSOLVER
 * ({@link io.contraspectra.bindings.cuda.Cusolver}) and the run-time compiler
 * ({@link io.contraspectra.bindings.cuda.Nvrtc}), of CUDA 12 and 13.
 *
 * <p>Each is looked for once, at first use ({@link io.contraspectra.bindings.cuda.CudaLibrary}); one that is missing is
 * a {@link io.contraspectra.bindings.load.NativeUnavailableException} where it is used. A status other than success is
 * a {@link io.contraspectra.bindings.cuda.CudaException} that names the call and the status.
 *
 * <p>Device addresses, contexts, streams, events and handles are {@code long}s, as they mean nothing to this process:
 * the device checks them. Host memory is a {@link java.lang.foreign.MemorySegment}. All calls are safe from any
 * platform thread on which the context is current.
 */
package io.contraspectra.bindings.cuda;
