package io.contraspectra.core.spectral;

import io.contraspectra.core.golden.Dense;
import java.util.Arrays;
import java.util.stream.IntStream;

/** Losses of embeddings by plain loops, straight from their definitions, with the gradients of spectral.md. */
interface PlainLoss {

  /** Value at Z; overwrites the gradient. */
  double at(double[][] z, double[][] gradient);

  /** Squared VICReg with uniform weights. */
  static PlainLoss vicReg(double[][] g, double alpha, double beta, double gamma, int ddof) {
    double[][] laplacian = laplacian(g);
    return (z, gradient) -> {
      int n = z.length;
      double[][] centred = Dense.centred(z);
      return vicReg(centred, centred, laplacian, n - ddof, n, new double[] {alpha, beta, gamma}, gradient);
    };
  }

  /** Squared VICReg whose covariance weighs samples by degree. */
  static PlainLoss degreeVicReg(double[][] g, double alpha, double beta, double gamma) {
    double[][] laplacian = laplacian(g);
    double[] d = degrees(g);
    double total = Arrays.stream(d).sum();
    return (z, gradient) -> {
      double[][] centred = withoutMean(z, d);
      double[][] weighted = map(z, (i, c) -> d[i] * centred[i][c]);
      return vicReg(centred, weighted, laplacian, total, total, new double[] {alpha, beta, gamma}, gradient);
    };
  }

  /** VICReg whose variance term is a hinge, {@code alpha Σ max(0, 1 − sqrt(C_kk))}. */
  static PlainLoss hingeVicReg(double[][] g, double alpha, double beta, double gamma) {
    double[][] laplacian = laplacian(g);
    return (z, gradient) -> {
      int n = z.length;
      double[][] centred = Dense.centred(z);
      var c = new double[z[0].length][z[0].length];
      double[][] product = Dense.product(Dense.transpose(centred), centred);
      double[][] lz = Dense.product(laplacian, centred);
      double value = 0;
      for (int a = 0; a < c.length; a++) {
        for (int b = 0; b < c.length; b++) {
          double entry = product[a][b] / n;
          value += a == b ? alpha * Math.max(0, 1 - Math.sqrt(entry)) : beta * entry * entry;
          // Half of what the value changes by for a change of this entry of C.
          c[a][b] = a != b ? beta * entry : entry < 1 ? -alpha / (4 * Math.sqrt(entry)) : 0;
        }
      }
      double[][] pull = Dense.product(centred, c);
      fill(gradient, (i, a) -> 4.0 / n * (pull[i][a] + gamma * lz[i][a]));
      return value + 2 * gamma / n * sumOfProducts(centred, lz);
    };
  }

  /** {@code alpha(‖C_A − I‖² + ‖C_B − I‖²) + (gamma/n) ‖Z_A − Z_B‖²}, the views one below the other. */
  static PlainLoss twoViewVicReg(double alpha, double gamma) {
    return (z, gradient) -> {
      int n = z.length / 2;
      double value = 0;
      for (int offset : new int[] {0, n}) {
        double[][] view = Arrays.copyOfRange(z, offset, offset + n);
        double[][] c = Dense.product(Dense.transpose(view), view);
        double[][] residual = map(c, (a, b) -> c[a][b] / n - (a == b ? 1 : 0));
        double[][] slope = Dense.product(view, residual);
        value += alpha * sumOfSquares(residual);
        for (int i = 0; i < n; i++) {
          value += gamma / (2 * n) * squaredDistance(z[i], z[n + i]);
          for (int a = 0; a < c.length; a++) {
            gradient[offset + i][a] = 4 * alpha / n * slope[i][a]
                + 2 * gamma / n * (z[offset + i][a] - z[n - offset + i][a]);
          }
        }
      }
      return value;
    };
  }

  private static double vicReg(double[][] centred, double[][] weighted, double[][] laplacian, double covarianceNorm,
      double invarianceNorm, double[] constants, double[][] gradient) {
    int k = centred[0].length;
    double[][] c = Dense.product(Dense.transpose(weighted), centred);
    double[][] lz = Dense.product(laplacian, centred);
    var slope = new double[k][k];
    double value = 0;
    for (int a = 0; a < k; a++) {
      for (int b = 0; b < k; b++) {
        double weight = a == b ? constants[0] : constants[1];
        double deviation = c[a][b] / covarianceNorm - (a == b ? 1 : 0);
        value += weight * deviation * deviation;
        slope[a][b] = weight * deviation;
      }
    }
    double[][] pull = Dense.product(weighted, slope);
    for (int i = 0; i < centred.length; i++) {
      for (int a = 0; a < k; a++) {
        value += 2 * constants[2] / invarianceNorm * centred[i][a] * lz[i][a];
        gradient[i][a] = 4 / covarianceNorm * pull[i][a] + 4 * constants[2] / invarianceNorm * lz[i][a];
      }
    }
    return value;
  }

  /** {@code ‖Z Zᵀ − S‖²}. */
  static PlainLoss factorisation(double[][] s) {
    return (z, gradient) -> {
      double[][] gram = Dense.gram(z);
      double[][] residual = map(gram, (i, j) -> gram[i][j] - s[i][j]);
      double[][] slope = Dense.product(residual, z);
      fill(gradient, (i, c) -> 4 * slope[i][c]);
      return sumOfSquares(residual);
    };
  }

  /** The spectral contrastive loss. */
  static PlainLoss spectralContrastive(double[][] g) {
    double total = Arrays.stream(degrees(g)).sum();
    double[] ds = Arrays.stream(degrees(g)).map(d -> d / total).toArray();
    return (z, gradient) -> {
      double[][] gram = Dense.gram(z);
      double value = 0;
      for (int i = 0; i < z.length; i++) {
        for (int j = 0; j < z.length; j++) {
          value += -2 * g[i][j] / total * gram[i][j] + ds[i] * ds[j] * gram[i][j] * gram[i][j];
        }
      }
      double[][] slope = Dense.product(map(gram, (i, j) -> ds[i] * ds[j] * gram[i][j] - g[i][j] / total), z);
      fill(gradient, (i, c) -> 4 * slope[i][c]);
      return value;
    };
  }

  /** {@code ‖Zᵀ S Z − I‖²}. */
  static PlainLoss barlowTwins(double[][] s) {
    return (z, gradient) -> {
      double[][] sz = Dense.product(s, z);
      double[][] c = Dense.product(Dense.transpose(z), sz);
      double[][] residual = map(c, (a, b) -> c[a][b] - (a == b ? 1 : 0));
      double[][] slope = Dense.product(sz, residual);
      fill(gradient, (i, a) -> 4 * slope[i][a]);
      return sumOfSquares(residual);
    };
  }

  /**
   * {@code ‖R⁻ᵀ ZᵀGZ R⁻¹ − I‖²} for {@code ZᵀDZ = RᵀR} and Z without its mean by degrees: the value under
   * {@code ZᵀDZ = I}, which does not depend on the choice of R.
   */
  static PlainLoss constrainedBarlowTwins(double[][] g) {
    PlainLoss asTheyAre = constrainedBarlowTwinsAsTheyAre(g);
    double[] d = degrees(g);
    double total = Arrays.stream(d).sum();
    return (z, gradient) -> {
      double value = asTheyAre.at(withoutMean(z, d), gradient);
      double[] sums = IntStream.range(0, z[0].length).mapToDouble(c -> Arrays.stream(gradient)
          .mapToDouble(row -> row[c]).sum() / total).toArray();
      fill(gradient, (i, c) -> gradient[i][c] - d[i] * sums[c]);
      return value;
    };
  }

  /** The same without taking a mean. */
  static PlainLoss constrainedBarlowTwinsAsTheyAre(double[][] g) {
    double[] d = degrees(g);
    return (z, gradient) -> {
      double[][] gz = Dense.product(g, z);
      double[][] dz = map(z, (i, c) -> d[i] * z[i][c]);
      // With S = B⁻¹A for A = ZᵀGZ and B = ZᵀDZ: tr S² − 2 tr S + K, whose slope is 4 (GZ − DZ S)(S − I) B⁻¹.
      double[][] b = Dense.product(Dense.transpose(z), dz);
      double[][] s = Dense.solve(b, Dense.product(Dense.transpose(z), gz));
      double[][] square = Dense.product(s, s);
      double[][] residual = map(s, (i, j) -> s[i][j] - (i == j ? 1 : 0));
      double[][] moved = Dense.product(dz, s);
      double[][] slope = Dense.product(map(z, (i, c) -> gz[i][c] - moved[i][c]),
          Dense.product(residual, Dense.solve(b, map(b, (i, j) -> i == j ? 1 : 0))));
      fill(gradient, (i, c) -> 4 * slope[i][c]);
      return IntStream.range(0, s.length).mapToDouble(k -> square[k][k] - 2 * s[k][k] + 1).sum();
    };
  }

  /** InfoNCE with similarities −|z_i − z_j|²/tau of other samples. */
  static PlainLoss infoNceOfDistances(double[][] g, double tau) {
    return (z, gradient) -> {
      double[][] slope = new double[z.length][z.length];
      double value = infoNce(g, map(slope, (i, j) -> -squaredDistance(z[i], z[j]) / tau), false, slope);
      fill(gradient, (i, c) -> IntStream.range(0, z.length)
          .mapToDouble(j -> -2 / tau * (slope[i][j] + slope[j][i]) * (z[i][c] - z[j][c])).sum());
      return value;
    };
  }

  /** InfoNCE with similarities cos/tau of other samples. */
  static PlainLoss infoNceOfCosines(double[][] g, double tau) {
    return (z, gradient) -> {
      double[] norms = norms(z);
      double[][] u = unitRows(z);
      double[][] slope = new double[z.length][z.length];
      double value = infoNce(g, map(slope, (i, j) -> dot(u[i], u[j]) / tau), false, slope);
      double[][] du = Dense.product(map(slope, (i, j) -> (slope[i][j] + slope[j][i]) / tau), u);
      fill(gradient, (i, c) -> (du[i][c] - u[i][c] * dot(u[i], du[i])) / norms[i]);
      return value;
    };
  }

  /** InfoNCE with similarities z_i·z_j of all samples, itself included. */
  static PlainLoss infoNceOfProducts(double[][] g) {
    return (z, gradient) -> {
      double[][] slope = new double[z.length][z.length];
      double value = infoNce(g, Dense.gram(z), true, slope);
      double[][] dz = Dense.product(map(slope, (i, j) -> slope[i][j] + slope[j][i]), z);
      fill(gradient, (i, c) -> dz[i][c]);
      return value;
    };
  }

  private static double infoNce(double[][] g, double[][] similarity, boolean self, double[][] slope) {
    int n = g.length;
    double[] d = degrees(g);
    double value = 0;
    for (int i = 0; i < n; i++) {
      int row = i;
      double largest = Arrays.stream(similarity[i]).max().orElseThrow();
      double sum = IntStream.range(0, n).filter(j -> self || j != row)
          .mapToDouble(j -> Math.exp(similarity[row][j] - largest)).sum();
      for (int j = 0; j < n; j++) {
        double log = similarity[i][j] - largest - Math.log(sum);
        double softmax = self || j != i ? Math.exp(log) : 0;
        value -= g[i][j] / d[i] * log / n;
        slope[i][j] = (softmax - g[i][j] / d[i]) / n;
      }
    }
    return value;
  }

  /** The loss of {@code Z = X W} as a function of W. */
  default PlainLoss ofWeights(double[][] x) {
    return (w, gradient) -> {
      var dz = new double[x.length][w[0].length];
      double value = at(Dense.product(x, w), dz);
      double[][] dw = Dense.product(Dense.transpose(x), dz);
      fill(gradient, (i, c) -> dw[i][c]);
      return value;
    };
  }

  /** An entry of a matrix. */
  interface Entry {
    double at(int i, int j);
  }

  static double[][] map(double[][] shape, Entry entry) {
    var result = new double[shape.length][shape[0].length];
    fill(result, entry);
    return result;
  }

  static void fill(double[][] target, Entry entry) {
    for (int i = 0; i < target.length; i++) {
      for (int j = 0; j < target[i].length; j++) {
        target[i][j] = entry.at(i, j);
      }
    }
  }

  static double[] degrees(double[][] g) {
    return Arrays.stream(g).mapToDouble(row -> Arrays.stream(row).sum()).toArray();
  }

  static double[][] laplacian(double[][] g) {
    double[] d = degrees(g);
    return map(g, (i, j) -> (i == j ? d[i] : 0) - g[i][j]);
  }

  /** Z without its mean weighted by d. */
  static double[][] withoutMean(double[][] z, double[] d) {
    double total = Arrays.stream(d).sum();
    double[] mean = IntStream.range(0, z[0].length).mapToDouble(c -> IntStream.range(0, d.length)
        .mapToDouble(i -> d[i] * z[i][c]).sum() / total).toArray();
    return map(z, (i, c) -> z[i][c] - mean[c]);
  }

  static double[][] unitRows(double[][] z) {
    double[] norms = norms(z);
    return map(z, (i, c) -> z[i][c] / norms[i]);
  }

  private static double[] norms(double[][] z) {
    return Arrays.stream(z).mapToDouble(row -> Math.sqrt(dot(row, row))).toArray();
  }

  /** {@code H S H}. */
  static double[][] doublyCentred(double[][] s) {
    return Dense.centred(Dense.transpose(Dense.centred(s)));
  }

  static double sumOfSquares(double[][] a) {
    return Arrays.stream(a).flatMapToDouble(Arrays::stream).map(v -> v * v).sum();
  }

  private static double sumOfProducts(double[][] a, double[][] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> dot(a[i], b[i])).sum();
  }

  static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(c -> a[c] * b[c]).sum();
  }

  static double squaredDistance(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(c -> (a[c] - b[c]) * (a[c] - b[c])).sum();
  }
}
