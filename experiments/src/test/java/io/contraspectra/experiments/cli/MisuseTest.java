package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Arguments that do not parse: exit code 2 and at most three lines that say what was probably meant. */
class MisuseTest {
  @Test
  void unknownCommandsAreAnsweredWithTheNearest() {
    assertMisuse(CliRun.of("inof"),
        "contraspectra: unknown command 'inof'", "Did you mean info?", "See 'contraspectra --help'.");
  }

  @Test
  void mistypedOptionsAreNamedEvenWhereTheyLeaveARequiredOneMissing() {
    assertMisuse(CliRun.of("ntk", "--modell=net.npz", "--input", "x.npy"),
        "contraspectra ntk: unknown option '--modell'", "Did you mean --model?", "See 'contraspectra ntk --help'.");
  }

  @Test
  void missingOptionsAreNamed() {
    assertMisuse(CliRun.of("ntk", "--input", "x.npy"),
        "contraspectra ntk: Missing required option: '--model=NET.npz'", "See 'contraspectra ntk --help'.");
  }

  @Test
  void surplusArgumentsAreNamed() {
    assertMisuse(CliRun.of("info", "now"),
        "contraspectra info: unexpected argument 'now'", "See 'contraspectra info --help'.");
  }

  @Test
  void amountsOfMemoryAreChecked() {
    assertMisuse(CliRun.of("ntk", "--model", "m", "--input", "x", "--memory", "lots"),
        "contraspectra ntk: Invalid value for option '--memory': 'lots' is not an amount of memory; "
            + "write e.g. 4g or 512m",
        "See 'contraspectra ntk --help'.");
  }

  @Test
  void aCommandIsNeeded() {
    CliRun run = CliRun.of();
    assertEquals(ExitCodes.BAD_INPUT, run.code());
    assertEquals("See 'contraspectra --help'.", run.errorLines().getLast());
  }

  private static void assertMisuse(CliRun run, String... lines) {
    assertEquals(ExitCodes.BAD_INPUT, run.code());
    assertEquals("", run.out());
    assertEquals(List.of(lines), run.errorLines());
  }
}
