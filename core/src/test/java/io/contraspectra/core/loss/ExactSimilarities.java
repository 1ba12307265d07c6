package io.contraspectra.core.loss;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * Logits and log-sum-exps of losses the slow way: everything up to the exponentials in 60 decimal digits, and
 * exponentials only of exact differences from the largest logit, so that nothing overflows and nothing cancels.
 */
final class ExactSimilarities {

  private static final MathContext DIGITS = new MathContext(60);

  private ExactSimilarities() {}

  /** Rows of K numbers each. */
  static BigDecimal[][] rows(double[] values, int k) {
    var rows = new BigDecimal[values.length / k][k];
    for (int i = 0; i < values.length; i++) {
      rows[i / k][i % k] = new BigDecimal(values[i]);
    }
    return rows;
  }

  static BigDecimal[][] unit(BigDecimal[][] rows) {
    var unit = new BigDecimal[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      BigDecimal norm = dot(rows[i], rows[i]).sqrt(DIGITS);
      unit[i] = new BigDecimal[rows[i].length];
      for (int k = 0; k < rows[i].length; k++) {
        unit[i][k] = rows[i][k].divide(norm, DIGITS);
      }
    }
    return unit;
  }

  static BigDecimal dot(BigDecimal[] x, BigDecimal[] y) {
    BigDecimal sum = BigDecimal.ZERO;
    for (int k = 0; k < x.length; k++) {
      sum = sum.add(x[k].multiply(y[k], DIGITS), DIGITS);
    }
    return sum;
  }

  static BigDecimal squaredDistance(BigDecimal[] x, BigDecimal[] y) {
    var difference = new BigDecimal[x.length];
    for (int k = 0; k < x.length; k++) {
      difference[k] = x[k].subtract(y[k], DIGITS);
    }
    return dot(difference, difference);
  }

  /** {@code log Σ_j exp(l_j) − l_target}; entries that are null are left out. */
  static double crossEntropy(BigDecimal[] logits, BigDecimal target) {
    BigDecimal largest = target;
    for (BigDecimal logit : logits) {
      largest = logit == null ? largest : largest.max(logit);
    }
    double sum = 0;
    for (BigDecimal logit : logits) {
      sum += logit == null ? 0 : Math.exp(logit.subtract(largest, DIGITS).doubleValue());
    }
    return largest.subtract(target, DIGITS).doubleValue() + Math.log(sum);
  }

  static BigDecimal over(BigDecimal x, double tau) {
    return x.divide(new BigDecimal(tau), DIGITS);
  }
}
