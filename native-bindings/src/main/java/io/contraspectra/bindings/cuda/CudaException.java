package io.contraspectra.bindings.cuda;

/** A call of a CUDA library that did not succeed. */
public final class CudaException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String call;
  private final String status;

  CudaException(String call, String status, String more) {
    super(call + ": " + status + (more.isEmpty() ? "" : ": " + more));
    this.call = call;
    this.status = status;
  }

  /** The C function, e.g. {@code cuMemAlloc}. */
  public String call() {
    return call;
  }

  /** The name of the status, e.g. {@code CUDA_ERROR_OUT_OF_MEMORY}. */
  public String status() {
    return status;
  }

  /** Whether the device, or a library on it, ran out of memory. */
  public boolean isOutOfMemory() {
    return status.equals("CUDA_ERROR_OUT_OF_MEMORY") || status.endsWith("_STATUS_ALLOC_FAILED");
  }
}
