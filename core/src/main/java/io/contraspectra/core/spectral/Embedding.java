package io.contraspectra.core.spectral;

import io.contraspectra.core.matrix.Matrix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * An embedding of N samples in K dimensions, and how it came about. Owns its matrices; close it.
 *
 * @param points N x K, in double precision
 * @param values the eigenvalues of the method's problem that belong to the columns, in the method's order
 * @param gains the squared factor that each mode got: {@code c_k} of VICReg, the positive part of the eigenvalue where
 *     a loss factorises a matrix, 1 where modes are taken as they are
 * @param map the linear encoder, in the linear regime
 * @param optimum the least value of the loss that the embedding minimises, if it minimises one
 * @param findings what is noteworthy; empty if nothing is
 */
public record Embedding(Matrix points, double[] values, double[] gains, Optional<LinearMap> map, OptionalDouble optimum,
    List<Finding> findings) implements AutoCloseable {

  /** Copies the list of findings. */
  public Embedding {
    findings = List.copyOf(findings);
  }

  /** Whether something of this kind was found. */
  public boolean has(Finding.Kind kind) {
    return findings.stream().anyMatch(finding -> finding.kind() == kind);
  }

  @Override
  public void close() {
    points.close();
    map.ifPresent(LinearMap::close);
  }
}
