package io.contraspectra.experiments.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.matrix.BackendUnavailable;
import io.contraspectra.core.matrix.DeviceFailure;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.matrix.NonFinite;
import io.contraspectra.core.matrix.OutOfDeviceMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Each way for a running command to fail has its exit code, and never shows a stack trace unasked. */
class FailuresTest {
  @Command(name = "failing")
  private static final class Failing extends AbstractCommand {
    private final Throwable failure;

    private Failing(Throwable failure) {
      this.failure = failure;
    }

    @Override
    int execute() {
      switch (failure) {
        case RuntimeException e -> throw e;
        case Error e -> throw e;
        default -> throw new AssertionError(failure);
      }
    }
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new InvalidData("x.npy: the header is cut short"), 2, "failing: x.npy: the header is cut short"),
        Arguments.of(new NonFinite("eigh: A", 1, 2), 2,
            "failing: eigh: A has a NaN or infinite entry at row 1, column 2; remove or replace it before the call"),
        Arguments.of(new OutOfDeviceMemory("cuda:0", 100, 7), 4, "failing: device cuda:0 is out of memory: 100 bytes"
            + " asked for, 7 free; close matrices, take fewer samples or smaller tiles, or compute on the processors"),
        Arguments.of(new DeviceFailure("cuda:0", new IllegalStateException("cuStreamSynchronize: CUDA_ERROR_ECC")), 4,
            "failing: device cuda:0 failed: cuStreamSynchronize: CUDA_ERROR_ECC; close the backend and start again, or"
                + " compute on the processors"),
        Arguments.of(new BackendUnavailable("backend 'cuda' is unavailable: no driver"), 3,
            "failing: backend 'cuda' is unavailable: no driver"),
        Arguments.of(new UncheckedIOException("g.npy: disk full", new IOException()), 4, "failing: g.npy: disk full"),
        Arguments.of(new OutOfMemoryError("Java heap space"), 4,
            "failing: out of memory (Java heap space); use fewer samples, --dtype f32, or a machine with more"),
        Arguments.of(new AssertionError("bug"), 4, "failing: internal error: java.lang.AssertionError: bug"),
        Arguments.of(new IllegalStateException("bug"), 4,
            "failing: internal error: java.lang.IllegalStateException: bug"),
        Arguments.of(new CancellationException(), 130, "failing: interrupted"));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void haveTheirExitCodeAndNoStackTrace(Throwable failure, int exitCode, String firstLine) {
    CliRun run = fail(failure);
    assertEquals(exitCode, run.code());
    assertEquals(firstLine, run.errorLines().getFirst());
    assertTrue(run.errorLines().size() <= 3, run.err());
  }

  @Test
  void debugShowsTheStackTrace() {
    CliRun run = fail(new InvalidData("bad"), "--debug");
    assertEquals(2, run.code());
    assertTrue(run.err().contains("\tat "), run.err());
  }

  private static CliRun fail(Throwable failure, Object... arguments) {
    return CliRun.of(new CommandLine(new Failing(failure)), arguments);
  }
}
