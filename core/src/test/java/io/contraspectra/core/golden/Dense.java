package io.contraspectra.core.golden;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Small matrices as arrays of rows, by plain loops: what tests compare with and compute independently. */
public final class Dense {

  private Dense() {}

  /** Rows of a flat row-major array. */
  public static double[][] rows(double[] flat, int cols) {
    return IntStream.range(0, flat.length / cols).mapToObj(i -> Arrays.copyOfRange(flat, i * cols,
        (i + 1) * cols)).toArray(double[][]::new);
  }

  public static double[] flat(double[][] a) {
    return Arrays.stream(a).flatMapToDouble(Arrays::stream).toArray();
  }

  public static double[][] transpose(double[][] a) {
    var t = new double[a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < t.length; j++) {
        t[j][i] = a[i][j];
      }
    }
    return t;
  }

  public static double[][] product(double[][] a, double[][] b) {
    var c = new double[a.length][b[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int l = 0; l < b.length; l++) {
        for (int j = 0; j < c[i].length; j++) {
          c[i][j] += a[i][l] * b[l][j];
        }
      }
    }
    return c;
  }

  /** {@code A Aᵀ}. */
  public static double[][] gram(double[][] a) {
    return product(a, transpose(a));
  }

  /** Without the mean of every column. */
  public static double[][] centred(double[][] a) {
    double[] means = means(a);
    return Arrays.stream(a).map(row -> IntStream.range(0, row.length).mapToDouble(j -> row[j] - means[j])
        .toArray()).toArray(double[][]::new);
  }

  public static double[] means(double[][] a) {
    return IntStream.range(0, a[0].length).mapToDouble(j -> Arrays.stream(a).mapToDouble(row -> row[j])
        .average().orElse(0)).toArray();
  }

  /** {@code A⁻¹ B} by elimination with pivots. */
  public static double[][] solve(double[][] a, double[][] b) {
    int n = a.length;
    double[][] left = Arrays.stream(a).map(double[]::clone).toArray(double[][]::new);
    double[][] right = Arrays.stream(b).map(double[]::clone).toArray(double[][]::new);
    for (int p = 0; p < n; p++) {
      int column = p;
      int pivot = IntStream.range(p, n).boxed()
          .max(Comparator.comparingDouble(i -> Math.abs(left[i][column]))).orElseThrow();
      swap(left, p, pivot);
      swap(right, p, pivot);
      for (int i = 0; i < n; i++) {
        if (i != p) {
          double factor = left[i][p] / left[p][p];
          subtract(left[i], left[p], factor);
          subtract(right[i], right[p], factor);
        }
      }
    }
    for (int i = 0; i < n; i++) {
      double pivot = left[i][i];
      right[i] = Arrays.stream(right[i]).map(v -> v / pivot).toArray();
    }
    return right;
  }

  /** The orthogonal projector onto the span of independent columns. */
  public static double[][] projector(double[][] a) {
    return product(a, solve(product(transpose(a), a), transpose(a)));
  }

  private static void swap(double[][] a, int i, int j) {
    double[] row = a[i];
    a[i] = a[j];
    a[j] = row;
  }

  private static void subtract(double[] row, double[] pivot, double factor) {
    for (int j = 0; j < row.length; j++) {
      row[j] -= factor * pivot[j];
    }
  }
}
