package io.contraspectra.bindings.load;

import static java.util.stream.Collectors.joining;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A native library as it was found, or the record of why it was not.
 *
 * <p>Loading never throws, so that a failure can be kept and shown like a success; {@link #require()} and the handles
 * from {@link #bind} do. Safe for use by any thread; an opened library stays open as long as the JVM.
 */
@SuppressWarnings("restricted") // linking to native code is what this module is for
public final class NativeLibrary {
  private final String name;
  private final List<Attempt> attempts;
  private final String remedy;
  private final @Nullable SymbolLookup symbols;
  private final List<String> missing = new CopyOnWriteArrayList<>();

  private NativeLibrary(String name, List<Attempt> attempts, String remedy, @Nullable SymbolLookup symbols) {
    this.name = name;
    this.attempts = List.copyOf(attempts);
    this.remedy = remedy;
    this.symbols = symbols;
  }

  /**
   * Opens the first usable candidate of the first source that has one.
   *
   * @param name what people call the library, for example {@code OpenBLAS}
   * @param sources where to look, in order; once a {@linkplain LibrarySource#isBinding() binding} source fails, the
   *     rest are not asked
   * @param objection says what is wrong with a library that opens and must not be used (a wrong integer width, say)
   * @param remedy what a user can do whose machine has none of them; it ends the error text
   */
  public static NativeLibrary load(
      String name,
      List<? extends LibrarySource> sources,
      Function<SymbolLookup, Optional<String>> objection,
      String remedy) {
    var search = new LibrarySearch(objection);
    try {
      var symbols = search.through(sources);
      return new NativeLibrary(name, search.attempts(), remedy, symbols);
    } catch (IllegalCallerException _) {
      return new NativeLibrary(name, search.attempts(), "start Java with " + nativeAccessFlag(), null);
    }
  }

  private static String nativeAccessFlag() {
    var module = NativeLibrary.class.getModule();
    return "--enable-native-access=" + (module.isNamed() ? module.getName() : "ALL-UNNAMED");
  }

  /** What people call the library. */
  public String name() {
    return name;
  }

  /** Everything tried, in order; after success the last one is the library in use. */
  public List<Attempt> attempts() {
    return attempts;
  }

  /** Whether the library is open. */
  public boolean isLoaded() {
    return symbols != null;
  }

  /**
   * Returns this library if it is open.
   *
   * @throws NativeUnavailableException if it is not; the text lists every attempt and ends with the remedy
   */
  public NativeLibrary require() {
    if (isLoaded()) {
      return this;
    }
    throw new NativeUnavailableException(refusal());
  }

  /**
   * Links a routine. One that cannot be linked yields a handle of the same type that throws
   * {@link NativeUnavailableException} when called: a {@code static final} handle then fails where it is used, with the
   * reason, and not as an {@link ExceptionInInitializerError} of the class that holds it.
   *
   * @param symbol the exported name, for example {@code cblas_dgemm}
   * @param descriptor its C signature
   */
  public MethodHandle bind(String symbol, FunctionDescriptor descriptor) {
    if (symbols == null) {
      return throwing(descriptor.toMethodType(), refusal());
    }
    return symbols.find(symbol)
        .map(address -> Linker.nativeLinker().downcallHandle(address, descriptor))
        .orElseGet(() -> {
          missing.add(symbol);
          return throwing(descriptor.toMethodType(), lacks(List.of(symbol)));
        });
  }

  /**
   * Refuses a library that lacks a routine, once all its routines were asked for.
   *
   * @throws NativeUnavailableException if some routine could not be {@linkplain #bind linked}
   */
  public void requireSymbols() {
    if (!missing.isEmpty()) {
      throw new NativeUnavailableException(lacks(missing) + "\nremedy: " + remedy);
    }
  }

  private String lacks(List<String> routines) {
    return "no symbol " + String.join(", ", routines) + " in " + location();
  }

  private String refusal() {
    return attempts.stream()
        .map(attempt -> "\n  - " + attempt)
        .collect(joining("", "cannot load " + name + "; tried:", "\nremedy: " + remedy));
  }

  private String location() {
    return name + " (" + attempts.getLast().location() + ")";
  }

  private static MethodHandle throwing(MethodType type, String message) {
    try {
      var create = MethodHandles.lookup()
          .findConstructor(NativeUnavailableException.class, MethodType.methodType(void.class, String.class))
          .bindTo(message);
      var raise = MethodHandles.throwException(type.returnType(), NativeUnavailableException.class);
      return MethodHandles.dropArguments(MethodHandles.foldArguments(raise, create), 0, type.parameterList());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
