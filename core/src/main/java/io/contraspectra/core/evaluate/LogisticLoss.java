package io.contraspectra.core.evaluate;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.optimize.Objective;

/** Penalised cross-entropy of {@code softmax(X W + 1 b)}, as a function of [W; b]. */
final class LogisticLoss implements Objective, AutoCloseable {

  private final Backend backend;
  private final Matrix x;
  private final Matrix oneHot;
  private final double c;
  private final Matrix logits;
  private final Matrix logSumExp;

  LogisticLoss(Backend backend, Matrix x, Classes classes, double c) {
    this.backend = backend;
    this.x = x;
    this.c = c;
    this.oneHot = classes.oneHot(backend, x.dtype());
    this.logits = backend.zeros(x.dtype(), x.rows(), classes.count());
    this.logSumExp = backend.zeros(x.dtype(), x.rows(), 1);
  }

  @Override
  public double evaluate(Matrix theta, Matrix gradient) {
    Matrix w = theta.rowRange(0, x.cols());
    Matrix dw = gradient.rowRange(0, x.cols());
    backend.gemm(NO, NO, 1, x, w, 0, logits);
    backend.addRow(1, theta.rowRange(x.cols(), 1), logits);
    double own = backend.dot(logits, oneHot);
    backend.softmaxRows(logits, logSumExp);
    double value = backend.sum(logSumExp) - own + backend.dot(w, w) / (2 * c);
    backend.add(-1, oneHot, 1, logits);
    backend.gemm(YES, NO, 1, x, logits, 0, dw);
    backend.add(1 / c, w, 1, dw);
    backend.columnSums(1, logits, 0, gradient.rowRange(x.cols(), 1));
    return value;
  }

  @Override
  public void close() {
    oneHot.close();
    logits.close();
    logSumExp.close();
  }
}
