package io.contraspectra.core.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.EveryBackend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomStreams;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class TripletSamplersTest {

  @Test
  void everyRowHasNormOneAndPositivesAreNear() {
    for (Triplets triplets : List.of(TripletSamplers.synthetic(50, 8, stream()),
        TripletSamplers.digits(50, stream()), TripletSamplers.centredDigits(50, stream()))) {
      for (int i = 0; i < triplets.n(); i++) {
        double[] x = row(triplets.anchors(), i, triplets.d());
        double[] positive = row(triplets.positives(), i, triplets.d());
        assertEquals(1, dot(x, x), 1e-14);
        assertEquals(1, dot(positive, positive), 1e-14);
        assertEquals(1, normOfNegative(triplets, i), 1e-14);
        // |0.3 u| < 1 turns x by at most arcsin 0.3.
        assertTrue(dot(x, positive) >= Math.sqrt(1 - 0.3 * 0.3) - 1e-14);
      }
    }
  }

  @Test
  void digitsAreTheirImagesScaledAndDistinct() {
    Triplets triplets = TripletSamplers.digits(400, stream());
    Set<List<Double>> seen = new HashSet<>();
    for (int i = 0; i < triplets.n(); i++) {
      seen.add(Arrays.stream(row(triplets.anchors(), i, 64)).boxed().toList());
      seen.add(Arrays.stream(row(triplets.negatives(), i, 64)).boxed().toList());
    }
    assertEquals(800, seen.size());
    double smallest = Arrays.stream(triplets.anchors()).min().orElseThrow();
    assertEquals(0, smallest);
  }

  @Test
  void centringSubtractsTheMeanOfAllSamples() {
    var data = new LabelledData("two", 2, 2, new double[] {1, 0, 0, 1}, null);
    Triplets triplets = TripletSamplers.fromCentredData(data, 1, stream());
    assertEquals(-1, dot(triplets.anchors(), triplets.negatives()), 1e-15);
    assertEquals(Math.sqrt(0.5), Math.abs(triplets.anchors()[0]), 1e-15);
  }

  @Test
  void clustersSurroundTheirUnitVectorsAndNegativesAreOfAnother() {
    Triplets triplets = TripletSamplers.clusters(60, 5, 3, stream());
    for (int i = 0; i < 60; i++) {
      double[] x = row(triplets.anchors(), i, 5);
      double[] positive = row(triplets.positives(), i, 5);
      assertEquals(1, dot(x, x), 1e-14);
      assertEquals(1, dot(positive, positive), 1e-14);
      assertEquals(1, normOfNegative(triplets, i), 1e-14);
      assertTrue(x[i % 3] >= Math.sqrt(1 - 0.3 * 0.3) - 1e-14 && positive[i % 3] >= Math.sqrt(1 - 0.3 * 0.3) - 1e-14);
      assertTrue(row(triplets.negatives(), i, 5)[i % 3] <= 0.3 + 0.1);
    }
  }

  @Test
  void classesAreCentredByTheirOwnMean() {
    // Class 2 lies elsewhere and must not count; the mean of the others is the origin of directions (0, ±1).
    var data = new LabelledData("three", 5, 2, new double[] {1, 1, 1, 3, 9, 9, 1, 1, 1, 3}, new int[] {0, 7, 2, 0, 7});
    Triplets triplets = TripletSamplers.fromClasses(data, List.of(0, 7), 4, stream());
    double signs = 0;
    for (int i = 0; i < 4; i++) {
      double sign = triplets.anchors()[2 * i + 1];
      signs += sign;
      assertArrayEquals(new double[] {0, Math.signum(sign)}, row(triplets.anchors(), i, 2), 1e-15);
      assertArrayEquals(new double[] {0, sign}, row(triplets.positives(), i, 2), 1e-15);
      assertArrayEquals(new double[] {0, -sign}, row(triplets.negatives(), i, 2), 1e-15);
    }
    assertEquals(0, signs, 1e-15, "every sample is an anchor once");
  }

  @Test
  void refusesClassesThatAreNotThere() {
    assertThrows(InvalidArgument.class, () -> TripletSamplers.clusters(9, 2, 3, stream()));
    assertThrows(InvalidArgument.class, () -> TripletSamplers.clusters(9, 2, 1, stream()));
    var data = new LabelledData("two.csv", 2, 1, new double[] {1, 2}, new int[] {0, 1});
    assertThrows(InvalidArgument.class, () -> TripletSamplers.fromClasses(data, List.of(0, 0), 4, stream()));
    String message = assertThrows(
        InvalidData.class, () -> TripletSamplers.fromClasses(data, List.of(0, 4), 4, stream())).getMessage();
    assertEquals("two.csv has no sample of class 4; choose among [0, 1]", message);
    assertThrows(InvalidArgument.class, () -> TripletSamplers.fromClasses(data, List.of(0, 1), 3, stream()));
  }

  @Test
  void namesARowWithoutDirection() {
    var zero = new LabelledData("zero.csv", 2, 2, new double[] {0, 0, 0, 0}, null);
    String message = assertThrows(InvalidData.class, () -> TripletSamplers.fromData(zero, 1, stream())).getMessage();
    assertTrue(message.matches("zero.csv, row [01] \\(counted from 0\\) is zero and cannot be scaled.*"), message);
    // Three equal rows: their mean, and so their difference from it, is rounded.
    var constant = new LabelledData("flat.csv", 3, 2, new double[] {0.1, 0.7, 0.1, 0.7, 0.1, 0.7}, null);
    message = assertThrows(InvalidData.class,
        () -> TripletSamplers.fromCentredData(constant, 1, stream())).getMessage();
    assertTrue(message.contains("is zero once the mean is subtracted"), message);
  }

  @Test
  void refusesMoreTripletsThanDistinctSamples() {
    assertThrows(InvalidArgument.class, () -> TripletSamplers.digits(899, stream()));
    assertThrows(InvalidArgument.class, () -> TripletSamplers.synthetic(0, 8, stream()));
    assertThrows(InvalidArgument.class, () -> TripletSamplers.synthetic(8, 0, stream()));
  }

  @EveryBackend
  void stacksAnchorsPositivesAndNegatives(Backend backend) {
    var triplets = new Triplets(1, 2, new double[] {1, 2}, new double[] {3, 4}, new double[] {5, 6});
    try (Matrix stacked = triplets.stacked(backend, DType.F64)) {
      assertArrayEquals(new double[] {1, 2, 3, 4, 5, 6}, stacked.toArray());
      assertEquals(3, stacked.rows());
    }
  }

  private static RandomGenerator stream() {
    return RandomStreams.of(5).named("triplets");
  }

  private static double normOfNegative(Triplets triplets, int i) {
    double[] negative = row(triplets.negatives(), i, triplets.d());
    return dot(negative, negative);
  }

  private static double[] row(double[] rows, int row, int d) {
    return Arrays.copyOfRange(rows, row * d, (row + 1) * d);
  }

  private static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }
}
