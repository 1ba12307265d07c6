package io.contraspectra.bindings.load;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.bindings.load.Attempt.Outcome;
import io.contraspectra.bindings.load.Platform.OperatingSystem;
import java.lang.foreign.FunctionDescriptor;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NativeLibraryTest {
  private static final LibrarySource NOTHING = source("first", List.of(), false);
  private static final LibrarySource WRONG = source("second", List.of(Path.of("libnowhere.so.9")), false);
  private static final LibrarySource RIGHT = source("third", List.of(libraryOfTheJdk()), false);
  private static final FunctionDescriptor INT_TO_INT = FunctionDescriptor.of(JAVA_INT, JAVA_INT);

  @Test
  void attemptsAreKeptAfterSuccess() {
    var library = load(NOTHING, WRONG, RIGHT, WRONG);
    assertTrue(library.isLoaded());
    assertEquals(List.of(Outcome.ABSENT, Outcome.FAILED, Outcome.LOADED),
        library.attempts().stream().map(Attempt::outcome).toList());
  }

  @Test
  void failureListsAttemptsAndRemedy() {
    var library = load(NOTHING, WRONG);
    assertFalse(library.isLoaded());
    assertEquals("""
        cannot load Demo; tried:
          - first: nothing there
          - second: libnowhere.so.9: not found by the system's loader
        remedy: install Demo""", assertThrows(NativeUnavailableException.class, library::require).getMessage());
  }

  @Test
  void failedBindingSourceEndsTheSearch() {
    var library = load(source("chosen", List.of(Path.of("libnowhere.so.9")), true), RIGHT);
    assertFalse(library.isLoaded());
    assertEquals(1, library.attempts().size());
  }

  @Test
  void objectionTurnsALibraryDown() {
    var library = NativeLibrary.load("Demo", List.of(RIGHT), _ -> Optional.of("too old"), "install Demo");
    assertFalse(library.isLoaded());
    assertEquals("too old", library.attempts().getLast().detail());
  }

  @Test
  void missingSymbolIsNamedWithItsLibraryWhenCalled() {
    var library = load(RIGHT);
    var handle = library.bind("no_such_routine", INT_TO_INT);
    var thrown = assertThrows(NativeUnavailableException.class, () -> { int _ = (int) handle.invokeExact(1); });
    assertEquals("no symbol no_such_routine in Demo (" + library.attempts().getLast().location() + ")",
        thrown.getMessage());
  }

  @Test
  void routineOfAMissingLibrarySaysWhyWhenCalled() {
    var library = load(WRONG);
    var handle = library.bind("routine", INT_TO_INT);
    var thrown = assertThrows(NativeUnavailableException.class, () -> { int _ = (int) handle.invokeExact(1); });
    assertTrue(thrown.getMessage().startsWith("cannot load Demo; tried:"), thrown.getMessage());
  }

  private static NativeLibrary load(LibrarySource... sources) {
    return NativeLibrary.load("Demo", List.of(sources), _ -> Optional.empty(), "install Demo");
  }

  private static Path libraryOfTheJdk() {
    var folder = Platform.current().system() == OperatingSystem.WINDOWS ? "bin" : "lib";
    return Path.of(System.getProperty("java.home"), folder, System.mapLibraryName("zip"));
  }

  private static LibrarySource source(String description, List<Path> candidates, boolean binding) {
    return new LibrarySource() {
      @Override
      public String description() {
        return description;
      }

      @Override
      public List<Path> candidates() {
        return candidates;
      }

      @Override
      public String absence() {
        return "nothing there";
      }

      @Override
      public boolean isBinding() {
        return binding;
      }
    };
  }
}
