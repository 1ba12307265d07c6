package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.Workspace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/** Tiles: each runs once, with a workspace of its own, and the first failure stops the rest. */
class TilesContractTest {

  @EveryBackend
  void everyTileRunsOnce(Backend backend) {
    for (int count : new int[] {0, 1, 2, 7, 1000}) {
      var runs = new AtomicLongArray(count);
      backend.tiles(count, 0, (tile, workspace) -> runs.incrementAndGet((int) tile));
      for (int tile = 0; tile < count; tile++) {
        assertEquals(1, runs.get(tile), "tile " + tile + " of " + count);
      }
    }
  }

  @EveryBackend
  void everyTileHasTheWholeWorkspace(Backend backend, DType dtype) {
    long bytes = Workspace.bytes(dtype, 9, 5) + Workspace.bytes(dtype, 1, 1);
    try (Matrix sums = backend.zeros(dtype, 1, 50)) {
      backend.tiles(50, bytes, (tile, workspace) -> {
        Matrix x = workspace.matrix(dtype, 9, 5);
        workspace.matrix(dtype, 1, 1);
        assertThrows(InvalidArgument.class, () -> workspace.matrix(dtype, 1, 1), "more than was asked for");
        backend.fill(tile, x);
        sums.set(0, tile, backend.sum(x));
      });
      for (int tile = 0; tile < 50; tile++) {
        assertEquals(45 * tile, sums.get(0, tile));
      }
    }
  }

  @EveryBackend
  void bitsOfAProductDoNotDependOnHowManyTilesRun(Backend backend, DType dtype) {
    double[] values = Numbers.gaussian(Numbers.generator(), dtype, 61 * 83);
    double[] alone = gramInTiles(backend, dtype, 1, values)[0];
    for (double[] together : gramInTiles(backend, dtype, 24, values)) {
      assertArrayEquals(alone, together);
    }
  }

  @EveryBackend
  void aListenerHearsOfEveryTileAndMayEndTheWork(Backend backend) {
    var heard = new ArrayList<Double>();
    int answer = Progress.listening((done, total) -> {
      assertEquals(9, total);
      heard.add(done);
    }, () -> {
      backend.tiles(9, 0, Progress.current(), (tile, workspace) -> {});
      return 42;
    });
    assertEquals(42, answer);
    assertEquals(List.of(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0), heard);
    assertSame(Progress.NONE, Progress.current());
    var runs = new AtomicLong();
    assertThrows(CancellationException.class, () -> backend.tiles(1000, 0, (done, total) -> {
      if (done == 3) {
        throw new CancellationException();
      }
    }, (tile, workspace) -> runs.incrementAndGet()));
    assertTrue(runs.get() < 100, runs + " tiles ran on");
  }

  private static double[][] gramInTiles(Backend backend, DType dtype, int tiles, double[] values) {
    var grams = new double[tiles][];
    try (Matrix x = backend.zeros(dtype, 61, 83)) {
      x.copyFrom(values);
      backend.tiles(tiles, Workspace.bytes(dtype, 61, 61), (tile, workspace) -> {
        Matrix gram = workspace.matrix(dtype, 61, 61);
        backend.gemm(Transpose.NO, Transpose.YES, 1, x, x, 0, gram);
        grams[(int) tile] = gram.toArray();
      });
    }
    return grams;
  }

  @EveryBackend
  void firstFailureStopsTheRest(Backend backend) {
    var started = new AtomicLong();
    var failure = new IllegalStateException("tile 3");
    var thrown = assertThrows(RuntimeException.class, () -> backend.tiles(1_000_000, 64, (tile, workspace) -> {
      started.incrementAndGet();
      if (tile == 3) {
        throw failure;
      }
    }));
    assertSame(failure, thrown);
    assertTrue(started.get() < 1_000_000, "all tiles ran after tile 3 had failed");
  }

  @EveryBackend
  void errorsOfATileComeOutAsTheyAre(Backend backend) {
    var failure = new AssertionError("tile 0");
    assertSame(failure, assertThrows(AssertionError.class, () -> backend.tiles(2, 0, (tile, workspace) -> {
      throw failure;
    })));
  }

  @EveryBackend
  void backendWorksAfterAFailedTile(Backend backend) {
    assertThrows(InvalidArgument.class, () -> backend.tiles(5, 64, (tile, workspace) ->
        workspace.matrix(DType.F64, 100, 100)));
    var runs = new AtomicLong();
    backend.tiles(5, 64, (tile, workspace) -> runs.incrementAndGet());
    assertEquals(5, runs.get());
  }

  @EveryBackend
  void negativeArgumentsAreRefused(Backend backend) {
    assertThrows(InvalidArgument.class, () -> backend.tiles(-1, 0, (tile, workspace) -> {}));
    assertThrows(InvalidArgument.class, () -> backend.tiles(1, -1, (tile, workspace) -> {}));
  }
}
