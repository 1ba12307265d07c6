package io.contraspectra.core.backend.cuda;

import io.contraspectra.bindings.cuda.CudaStreams;
import io.contraspectra.bindings.cuda.Cublas;
import io.contraspectra.bindings.cuda.Cublas.MathMode;
import io.contraspectra.bindings.cuda.Cusolver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A stream with all that work in it needs: handles with workspaces of their own, pinned memory, idle device memory.
 * Used by one thread at a time; what is not used is not made.
 */
final class Lane implements AutoCloseable {

  // NVIDIA's advice: 4 MiB, and 32 MiB from Hopper on.
  private static final long SMALL_WORKSPACE = 4 << 20;
  private static final long LARGE_WORKSPACE = 32 << 20;
  private static final int HOPPER = 90;
  private static final long ARGUMENT_BYTES = 1 << 10;

  private final Lanes lanes;
  private final MathMode mathMode;
  private final long stream = CudaStreams.create();
  private final long end = CudaStreams.createEvent();
  private final BlockPool idle = new BlockPool();
  private final Arena arena = Arena.ofShared();
  private final MemorySegment arguments = arena.allocate(ARGUMENT_BYTES, Long.BYTES);
  private @Nullable Staging staging;
  private Cusolver.@Nullable Handle solver;
  private long blas;
  private long blasWorkspace;

  Lane(Lanes lanes, MathMode mathMode) {
    this.lanes = lanes;
    this.mathMode = mathMode;
  }

  long stream() {
    return stream;
  }

  Lanes lanes() {
    return lanes;
  }

  BlockPool idle() {
    return idle;
  }

  /** Room for the arguments of one launch. */
  MemorySegment arguments() {
    return arguments;
  }

  Staging staging() {
    if (staging == null) {
      staging = new Staging(stream);
    }
    return staging;
  }

  /** The handle of cuBLAS. */
  long blas() {
    if (blas == 0) {
      long bytes = workspaceBytes(lanes.device());
      blas = lanes.withRoom(this, Cublas::create);
      Cublas.setStream(blas, stream);
      Cublas.setMathMode(blas, mathMode);
      blasWorkspace = lanes.take(this, bytes);
      Cublas.setWorkspace(blas, blasWorkspace, bytes);
    }
    return blas;
  }

  /** Bytes that products in one lane take for themselves. */
  static long workspaceBytes(Device device) {
    return device.capability() >= HOPPER ? LARGE_WORKSPACE : SMALL_WORKSPACE;
  }

  /** The handle of cuSOLVER. */
  Cusolver.Handle solver() {
    if (solver == null) {
      solver = lanes.withRoom(this, () -> Cusolver.create(stream));
    }
    return solver;
  }

  /** Lets later work of this lane start when all work that {@code other} has now is done. */
  void await(Lane other) {
    CudaStreams.record(other.end, other.stream);
    CudaStreams.await(stream, other.end);
  }

  /** Returns when all work is done. */
  void synchronise() {
    CudaStreams.synchronise(stream);
  }

  /** Work with device memory of this lane's, which is given back when the work is in the stream. */
  <T> T withScratch(long bytes, LongFunction<T> work) {
    long address = lanes.take(this, bytes);
    try {
      return work.apply(address);
    } finally {
      lanes.giveBack(this, address);
    }
  }

  /** Work with device memory that it needs for its outcome alone. */
  void scratch(long bytes, LongConsumer work) {
    withScratch(bytes, address -> {
      work.accept(address);
      return true;
    });
  }

  /** Ends the lane when its work is done; its blocks are then all idle. */
  @Override
  public void close() {
    synchronise();
    if (staging != null) {
      staging.close();
    }
    if (solver != null) {
      Cusolver.destroy(solver);
    }
    if (blas != 0) {
      Cublas.destroy(blas);
    }
    if (blasWorkspace != 0) {
      lanes.giveBack(this, blasWorkspace);
    }
    CudaStreams.destroyEvent(end);
    CudaStreams.destroy(stream);
    arena.close();
  }
}
