package io.contraspectra.core.backend.cuda;

import io.contraspectra.bindings.cuda.CudaLibrary;
import io.contraspectra.bindings.cuda.Nvrtc;
import io.contraspectra.bindings.load.ExtractionCache;
import io.contraspectra.core.matrix.BackendUnavailable;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Compiled kernels, kept on disk under the hash of all that they depend on: source, options, compiler, architecture. A
 * cache that cannot be read or written costs time, no more.
 */
final class KernelCache {

  private static final System.Logger LOG = System.getLogger(KernelCache.class.getName());

  private final String architecture;

  /** Compiles for a device's compute capability. */
  KernelCache(int capability) {
    this.architecture = architecture(capability, Nvrtc.architectures(), CudaLibrary.NVRTC.version());
  }

  /**
   * Machine code if the compiler knows the device; else code for the newest older one, which the driver translates.
   *
   * @throws BackendUnavailable if the compiler has given up such old devices
   */
  static String architecture(int capability, List<Integer> known, String compiler) {
    if (known.contains(capability)) {
      return "sm_" + capability;
    }
    int older = known.stream().filter(arch -> arch < capability).max(Integer::compare).orElseThrow(() ->
        new BackendUnavailable("backend 'cuda' is unavailable: the device's compute capability " + capability / 10 + "."
            + capability % 10 + " is older than all that NVRTC " + compiler + " compiles for; point -D"
            + CudaLibrary.HOME_PROPERTY + " to libraries of CUDA 12"));
    return "compute_" + older;
  }

  /**
   * Code for the device.
   *
   * @param fresh whether to compile even if there is code in the cache
   */
  byte[] image(String source, List<String> options, boolean fresh) {
    String name = hash(source + options + CudaLibrary.NVRTC.version() + architecture) + ".image";
    try {
      Path folder = ExtractionCache.folder("kernels");
      Path file = folder.resolve(name);
      if (!fresh && Files.isRegularFile(file)) {
        return Files.readAllBytes(file);
      }
      byte[] image = compile(source, options);
      store(image, folder, file);
      return image;
    } catch (IOException e) {
      LOG.log(Level.WARNING, "compiled kernels are not kept: {0}", e.getMessage());
      return compile(source, options);
    }
  }

  private byte[] compile(String source, List<String> options) {
    return Nvrtc.compile("kernels.cu", source, architecture, options);
  }

  private static void store(byte[] image, Path folder, Path file) throws IOException {
    Path part = Files.createTempFile(folder, "kernels", ".part");
    try {
      Files.write(part, image);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e); // every Java has it
    }
  }
}
