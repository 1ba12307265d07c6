package io.contraspectra.core.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.contraspectra.core.matrix.ContraSpectraException;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.matrix.MemoryLedger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import net.jqwik.api.statistics.StatisticsReport.StatisticsReportMode;

/**
 * Any call on operands that lie anywhere in one block of memory, on top of each other too: every backend does what the
 * oracle does, to the last bit of the whole block, or refuses as the oracle does. The numbers are small integers, so
 * that both element types compute exactly.
 */
class RandomOperandsPropertiesTest {

  private static final int CELLS = 2500;

  private long openBefore;

  @BeforeProperty
  void count() {
    openBefore = MemoryLedger.openBlocks();
  }

  @AfterProperty
  void nothingIsLeftOpen() {
    assertEquals(openBefore, MemoryLedger.openBlocks());
  }

  /** Where an operand lies. */
  record Place(int offset, int gap) {}

  @Property(tries = 4000, edgeCases = EdgeCasesMode.NONE)
  @StatisticsReport(StatisticsReportMode.OFF)
  void everyBackendDoesOrRefusesTheSame(@ForAll TestBackend kind, @ForAll DType dtype, @ForAll OutputCall call,
      @ForAll @IntRange(max = 9) int m, @ForAll @IntRange(max = 9) int n, @ForAll @IntRange(max = 9) int k,
      @ForAll @IntRange(min = 1, max = 4) int repeat, @ForAll @IntRange(min = -2, max = 2) int alpha,
      @ForAll @IntRange(min = -2, max = 2) int beta,
      @ForAll @Size(6) List<@IntRange(max = 250) Integer> offsets,
      @ForAll @Size(6) List<@IntRange(max = 5) Integer> gaps) {
    var sizes = new Sizes(m, n, k, repeat);
    List<Place> places = IntStream.range(0, 6).mapToObj(i -> new Place(offsets.get(i), gaps.get(i))).toList();
    Outcome expected = outcome(TestBackend.REFERENCE, dtype, call, sizes, alpha, beta, places);
    Outcome actual = outcome(kind, dtype, call, sizes, alpha, beta, places);
    assertEquals(expected.refusal(), actual.refusal());
    assertArrayEquals(expected.cells(), actual.cells());
    Statistics.label("computed").collect(expected.refusal().isEmpty()).coverage(share -> {
      share.check(true).percentage(computed -> computed > 20);
      share.check(false).percentage(refused -> refused > 20);
    });
  }

  /** What the block holds after the call, and why the call was refused, if it was. */
  private record Outcome(String refusal, double[] cells) {}

  private static Outcome outcome(TestBackend kind, DType dtype, OutputCall call, Sizes sizes, double alpha,
      double beta, List<Place> places) {
    try (Backend backend = kind.open(); Matrix block = backend.zeros(dtype, 1, CELLS)) {
      block.copyFrom(IntStream.range(0, CELLS).mapToDouble(i -> i * 7 % 5 - 2).toArray());
      String refusal = "";
      try {
        call.run(backend, sizes, alpha, beta, operands(block, call.shapes(sizes), places));
      } catch (ContraSpectraException e) {
        refusal = e.getMessage();
      }
      // The sign of a zero is no part of the contract.
      return new Outcome(refusal, Arrays.stream(block.toArray()).map(cell -> cell + 0.0).toArray());
    }
  }

  private static Matrix[] operands(Matrix block, List<Shape> shapes, List<Place> places) {
    var operands = new ArrayList<Matrix>();
    for (int i = 0; i < shapes.size(); i++) {
      Shape shape = shapes.get(i);
      operands.add(Matrix.over(block.memory(), block.dtype(), places.get(i).offset(), shape.rows(), shape.cols(),
          shape.cols() + places.get(i).gap()));
    }
    return operands.toArray(Matrix[]::new);
  }
}
