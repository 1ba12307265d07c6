package io.contraspectra.core.spectral;

import java.util.Arrays;

/**
 * Modes of a linear problem {@code XᵀMX w = lambda B w}.
 *
 * @param values the eigenvalues, from the extreme one on; fewer than asked for where the data span too little
 * @param weights the vectors w, with {@code wᵀBw = 1}
 * @param next the eigenvalue that would come next, NaN if there is none
 * @param scale largest absolute eigenvalue
 * @param inputs length of a weight vector
 */
record LinearModes(double[] values, double[][] weights, double next, double scale, int inputs) {

  /** The weights, with zero vectors for those that the data have no room for. */
  double[][] padded(int k) {
    double[][] padded = Arrays.copyOf(weights, k);
    for (int i = weights.length; i < k; i++) {
      padded[i] = new double[inputs];
    }
    return padded;
  }

  /** The modes of a multiple of M. */
  LinearModes times(double factor) {
    return new LinearModes(Arrays.stream(values).map(value -> value * factor).toArray(), weights, next * factor,
        scale * Math.abs(factor), inputs);
  }
}
