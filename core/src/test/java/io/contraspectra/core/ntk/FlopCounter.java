package io.contraspectra.core.ntk;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.backend.Engine;
import io.contraspectra.core.backend.ReferenceEngine;
import io.contraspectra.core.backend.Transpose;
import io.contraspectra.core.matrix.Matrix;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** Counts the flops of all products of a backend, a multiply-add as 2. One thread at a time. */
final class FlopCounter {

  private double flops;

  /** A plain backend whose products are counted; the caller must close it. */
  Backend backend() {
    var engine = new ReferenceEngine();
    return new Backend((Engine) Proxy.newProxyInstance(
        Engine.class.getClassLoader(), new Class<?>[] {Engine.class}, (proxy, method, arguments) -> {
          count(method.getName(), arguments);
          try {
            return method.invoke(engine, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        }));
  }

  /** Flops of the products that a computation calls for. */
  double during(Runnable computation) {
    flops = 0;
    computation.run();
    return flops;
  }

  private void count(String operation, Object[] arguments) {
    switch (operation) {
      case "gemm" -> add((Matrix) arguments[3], arguments[0] == Transpose.NO, (Matrix) arguments[6]);
      case "bitGemm" -> add((Matrix) arguments[1], arguments[0] == Transpose.NO, (Matrix) arguments[4]);
      case "groupedGemm" -> add((Matrix) arguments[3], true, (Matrix) arguments[6]);
      case "maskedGemm" -> add((Matrix) arguments[1], true, (Matrix) arguments[3]);
      case "syrk" -> addTriangle((Matrix) arguments[3], arguments[1] == Transpose.NO, (Matrix) arguments[5]);
      case "maskedSyrk" -> addTriangle((Matrix) arguments[1], true, (Matrix) arguments[2]);
      case "faceSplitGram" -> {
        Matrix w = (Matrix) arguments[3];
        flops += w.rows() * (w.rows() + 1.0) * w.cols() * ((Matrix) arguments[0]).size();
      }
      default -> { }
    }
  }

  private void add(Matrix a, boolean plain, Matrix c) {
    flops += 2.0 * c.size() * (plain ? a.cols() : a.rows());
  }

  private void addTriangle(Matrix a, boolean plain, Matrix c) {
    flops += c.rows() * (c.rows() + 1.0) * (plain ? a.cols() : a.rows());
  }
}
