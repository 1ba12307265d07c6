package io.contraspectra.core.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of the house, on the sources and on examples of what they are there to catch. */
class ArchitectureTest {

  private static final Path SOURCES = Path.of("src", "main", "java");

  @Test
  void everySourceKeepsTheRules() {
    List<SourceFile> sources = SourceFile.below(SOURCES);
    assertTrue(sources.stream().anyMatch(source -> source.room().equals("backend")), "no sources were found");
    assertEquals(List.of(), sources.stream().flatMap(source -> HouseRules.violations(source).stream()).toList());
  }

  @Test
  void enginesAreNotExported() throws IOException {
    String module = Files.readString(SOURCES.resolve("module-info.java"));
    assertTrue(module.contains("exports io.contraspectra.core.backend;"), module);
    assertFalse(module.contains("exports io.contraspectra.core.backend."), module);
  }

  @ParameterizedTest
  @CsvSource(quoteCharacter = '`', value = {
      "matrix,  import io.contraspectra.core.backend.Backend;",
      "backend, import static io.contraspectra.core.loss.TripletForm.PRODUCT;",
      "ntk,     import io.contraspectra.core.training.*;",
      "loss,    Object x = new io.contraspectra.core.training.Trainer();",
      "loss,    import io.contraspectra.core.matrix.HostMemory;",
      "loss,    import io.contraspectra.core.backend.cpu.CpuEngine;",
      "loss,    import io.contraspectra.bindings.openblas.Cblas;",
      "loss,    import java.lang.foreign.MemorySegment;",
      "data,    memory.segment().fill(0);",
      "loss,    Backends.select(\"cuda\");",
      "loss,    Backends.cpu();",
      "drawer,  int x;"})
  void breachIsSeen(String room, String line) {
    assertFalse(HouseRules.violations(source(room, line)).isEmpty(), line);
  }

  @ParameterizedTest
  @CsvSource(quoteCharacter = '`', value = {
      "backend, import io.contraspectra.core.backend.cpu.CpuEngine;",
      "backend, import io.contraspectra.bindings.openblas.Cblas;",
      "data,    import java.lang.foreign.MemorySegment;",
      "loss,    import io.contraspectra.core.ntk.EmpiricalNtk;",
      "loss,    // as {@link io.contraspectra.core.training.Trainer} on the CPU does",
      "loss,    /** faster with cuda */ String url = \"scheme://name\"; // on a GPU"})
  void whatIsAllowedPasses(String room, String line) {
    assertEquals(List.of(), HouseRules.violations(source(room, line)));
  }

  private static SourceFile source(String room, String line) {
    return SourceFile.parse("X.java", "package io.contraspectra.core." + room + ";\n" + line + "\nclass X {}\n");
  }
}
