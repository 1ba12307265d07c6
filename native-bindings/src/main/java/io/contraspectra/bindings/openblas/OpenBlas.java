package io.contraspectra.bindings.openblas;

import static java.lang.foreign.ValueLayout.ADDRESS;

import io.contraspectra.bindings.load.Attempt;
import io.contraspectra.bindings.load.BundledLibrary;
import io.contraspectra.bindings.load.NativeLibrary;
import io.contraspectra.bindings.load.NativeUnavailableException;
import io.contraspectra.bindings.load.PathProperty;
import io.contraspectra.bindings.load.Platform;
import io.contraspectra.bindings.load.SystemNames;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/**
 * The OpenBLAS of this JVM, looked for once, at first use: in the path that the user names, in bytedeco's jar, by the
 * system's names. Safe for use by any thread.
 */
@SuppressWarnings("restricted") // a library is asked for its build options before it is accepted
public final class OpenBlas {
  /** Names the system property that holds a library file, or a folder with one. Once set, no other source stands in. */
  public static final String PATH_PROPERTY = "contraspectra.openblas.path";

  private static final String CONFIG = "openblas_get_config";

  private OpenBlas() {}

  private static final class Holder {
    static final NativeLibrary LIBRARY = search(Platform.current());
  }

  /**
   * Opens OpenBLAS, or says again how that failed.
   *
   * @throws NativeUnavailableException if there is none; every call repeats the same text
   */
  public static NativeLibrary load() {
    return Holder.LIBRARY.require();
  }

  /** Everything tried, in order, whether it ended well or not. */
  public static List<Attempt> report() {
    return Holder.LIBRARY.attempts();
  }

  /** Links a routine; one that cannot be had becomes a handle that throws the reason. */
  static MethodHandle bind(String symbol, FunctionDescriptor descriptor) {
    return Holder.LIBRARY.bind(symbol, descriptor);
  }

  private static NativeLibrary search(Platform platform) {
    var names = fileNames(platform.system());
    var sources = List.of(
        new PathProperty(PATH_PROPERTY, names),
        new BundledLibrary("openblas", "org/bytedeco/openblas/" + platform.classifier(), names.getFirst(),
            companions(platform.system())),
        new SystemNames(names));
    var remedy = "point -D" + PATH_PROPERTY + " to a libopenblas file or its folder, or leave it unset and put the jar "
        + "org.bytedeco:openblas with classifier " + platform.classifier() + " on the class path";
    return NativeLibrary.load("OpenBLAS", sources, OpenBlas::objection, remedy);
  }

  private static List<String> fileNames(Platform.OperatingSystem system) {
    return switch (system) {
      case LINUX -> List.of("libopenblas.so.0", "libopenblas.so");
      case MACOSX -> List.of("libopenblas.0.dylib", "libopenblas.dylib");
      case WINDOWS -> List.of("libopenblas.dll", "openblas.dll");
    };
  }

  /** The Fortran run-time that bytedeco ships beside OpenBLAS; each finds the next by its own folder. */
  private static List<String> companions(Platform.OperatingSystem system) {
    return switch (system) {
      case LINUX -> List.of("libgfortran.so.5", "libquadmath.so.0", "libgcc_s.so.1");
      case MACOSX -> List.of("libgfortran.5.dylib", "libquadmath.0.dylib", "libgcc_s.1.1.dylib");
      case WINDOWS -> List.of();
    };
  }

  /** A build with 64-bit integers has the same symbols and would read half of each size from garbage. */
  private static Optional<String> objection(SymbolLookup symbols) {
    var address = symbols.find(CONFIG);
    if (address.isEmpty()) {
      return Optional.of("not an OpenBLAS: it has no " + CONFIG);
    }
    var getConfig = Linker.nativeLinker().downcallHandle(address.get(), FunctionDescriptor.of(ADDRESS));
    var config = Downcall.string(CONFIG, getConfig);
    return config.contains("USE64BITINT")
        ? Optional.of("built with 64-bit integers where 32-bit ones are needed")
        : Optional.empty();
  }
}
