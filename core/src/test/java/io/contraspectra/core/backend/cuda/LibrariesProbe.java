package io.contraspectra.core.backend.cuda;

import io.contraspectra.bindings.cuda.CudaLibrary;
import io.contraspectra.bindings.cuda.Nvrtc;
import io.contraspectra.bindings.load.NativeUnavailableException;
import io.contraspectra.core.matrix.DType;
import java.util.List;

/** Run in a JVM of its own: links all routines of the CUDA libraries that are installed here, and compiles kernels. */
public final class LibrariesProbe {

  private LibrariesProbe() {}

  public static void main(String[] arguments) {
    for (CudaLibrary library : List.of(CudaLibrary.CUBLAS, CudaLibrary.CUSOLVER, CudaLibrary.NVRTC)) {
      try {
        library.require();
        System.out.println(library + " complete, of CUDA " + library.version());
      } catch (NativeUnavailableException e) {
        System.out.println(library + (library.isLoaded() ? " incomplete: " : " absent: ") + e.getMessage());
      }
    }
    if (CudaLibrary.NVRTC.isLoaded()) {
      List<Integer> known = Nvrtc.architectures();
      for (DType dtype : DType.values()) {
        for (String architecture : List.of("sm_75", "sm_90", "sm_" + known.getLast(), "compute_" + known.getFirst())) {
          Nvrtc.compile("kernels.cu", KernelSource.text(), architecture, KernelSource.options(dtype));
          System.out.println("compiled " + dtype + " for " + architecture);
        }
      }
    }
  }
}
