package io.contraspectra.core.operator;

import static io.contraspectra.core.backend.Transpose.NO;
import static io.contraspectra.core.backend.Transpose.YES;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.matrix.DType;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.random.RandomDraws;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An orthonormal basis V (rows), its image {@code B V} and the projection {@code T = V B Vᵀ}, of the operator
 * {@code B = ±A / unit}: the sign turns the wanted end of the spectrum up, the unit, a power of two near {@code ‖A‖},
 * keeps numbers near 1. With the image at hand every Ritz pair has its exact residual without another application.
 */
final class KrylovBasis implements AutoCloseable {

  /** A row that keeps less than this of its length, once the basis is taken out of it, is nothing but rounding. */
  private static final double LOST = 100;
  private static final int MOST_SWEEPS = 6;

  private final SymmetricOperator operator;
  private final Backend backend;
  private final double sign;
  private final @Nullable Matrix deflated;
  private final RandomGenerator random;
  private final Matrix vectors;
  private final Matrix images;
  private final double[][] projected;
  private final int capacity;
  private int size;
  private double unit;
  private long columns;

  /** An empty basis with room for {@code capacity} vectors, and for {@code block} more that are not yet taken in. */
  KrylovBasis(SymmetricOperator operator, boolean smallest, int capacity, int block, @Nullable Matrix deflated,
      RandomGenerator random) {
    this.operator = operator;
    this.backend = operator.backend();
    this.sign = smallest ? -1 : 1;
    this.capacity = capacity;
    this.deflated = deflated;
    this.random = random;
    this.vectors = backend.zeros(operator.dtype(), capacity + block, operator.size());
    this.images = backend.zeros(operator.dtype(), capacity, operator.size());
    this.projected = new double[capacity][capacity];
  }

  int size() {
    return size;
  }

  int capacity() {
    return capacity;
  }

  /** Vectors mapped so far. */
  long columns() {
    return columns;
  }

  /** A's value for a value of B. */
  double original(double value) {
    return sign * unit * value;
  }

  /** The next free rows of the basis, to be filled before {@link #extend}. */
  Matrix slot(int rows) {
    return vectors.rowRange(size, rows);
  }

  /** The images of the last rows. */
  Matrix lastImages(int rows) {
    return images.rowRange(size - rows, rows);
  }

  /** Entry of the projection. */
  double projected(int row, int col) {
    return projected[row][col];
  }

  /** Fills rows with independent normal numbers. */
  void randomise(Matrix rows) {
    for (long i = 0; i < rows.rows(); i++) {
      rows.rowRange(i, 1).copyFrom(RandomDraws.gaussian(random, Math.toIntExact(rows.cols())));
    }
  }

  /** Makes the rows of {@link #slot} orthonormal and orthogonal to the basis, maps them, and takes them in. */
  void extend(int rows) {
    Matrix block = slot(rows);
    orthonormalise(block);
    Matrix image = images.rowRange(size, rows);
    operator.apply(block, image);
    backend.requireFinite("eigensolver: the image of a vector", image);
    if (unit == 0) {
      unit = powerOfTwo(backend.maxAbs(image) * Math.sqrt(operator.size()));
    }
    backend.scale(sign / unit, image);
    size += rows;
    columns += rows;
    project(image, rows);
  }

  /** Extends the basis by the image of its last vector. */
  void advance() {
    backend.copy(lastImages(1), slot(1));
    extend(1);
  }

  private static double powerOfTwo(double magnitude) {
    // The reciprocal must be finite as well.
    return magnitude > 0 ? Math.scalb(1.0, Math.clamp(Math.getExponent(magnitude), -1000, 1000)) : 1;
  }

  private void project(Matrix image, int rows) {
    try (Matrix products = backend.zeros(operator.dtype(), rows, size)) {
      backend.gemm(NO, YES, 1, image, vectors.rowRange(0, size), 0, products);
      double[] numbers = products.toArray();
      int first = size - rows;
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < first + i + 1; j++) {
          // Inside the new block both halves are known; their mean is symmetric.
          double value = j < first ? numbers[i * size + j]
              : 0.5 * (numbers[i * size + j] + numbers[(j - first) * size + first + i]);
          projected[first + i][j] = value;
          projected[j][first + i] = value;
        }
      }
    }
  }

  /** Gram-Schmidt in blocks, repeated until nothing changes; rows that vanish are drawn anew. */
  void orthonormalise(Matrix block) {
    int rows = Math.toIntExact(block.rows());
    try (Matrix lower = backend.zeros(block.dtype(), rows, rows); Matrix squares = backend.zeros(block.dtype(), rows, 1)) {
      boolean again = true;
      for (int sweep = 0; again && sweep < MOST_SWEEPS; sweep++) {
        double largest = backend.maxAbs(block);
        if (largest > 0) {
          backend.scale(1 / largest, block);
        }
        backend.rowDots(block, block, squares);
        takeOut(deflated, block);
        takeOut(size == 0 ? null : vectors.rowRange(0, size), block);
        backend.lq(block, lower);
        again = kept(block, lower.toArray(), squares.toArray()) < 0.7 || sweep == 0;
      }
    }
  }

  private void takeOut(@Nullable Matrix basis, Matrix block) {
    if (basis == null || basis.rows() == 0) {
      return;
    }
    try (Matrix coefficients = backend.zeros(block.dtype(), block.rows(), basis.rows())) {
      backend.gemm(NO, YES, 1, block, basis, 0, coefficients);
      backend.gemm(NO, NO, -1, coefficients, basis, 1, block);
    }
  }

  /** The least share of its length that a row has kept; a row that has kept none is replaced by a random one. */
  private double kept(Matrix block, double[] lower, double[] squares) {
    double least = 1;
    for (int i = 0; i < squares.length; i++) {
      double length = Math.sqrt(squares[i]);
      double share = length > 0 ? lower[i * squares.length + i] / length : 0;
      least = Math.min(least, share);
      if (!(share > LOST * rounding(block.dtype()))) {
        randomise(block.rowRange(i, 1));
      }
    }
    return least;
  }

  static double rounding(DType dtype) {
    return switch (dtype) {
      case F64 -> 0x1p-52;
      case F32 -> 0x1p-23;
    };
  }

  /** The eigendecomposition of the projection on the basis vectors from {@code first} on, largest first. */
  Ritz ritz(int first) {
    int rows = size - first;
    try (Matrix t = backend.zeros(DType.F64, rows, rows); Matrix ascending = backend.zeros(DType.F64, 1, rows)) {
      var negated = new double[rows * rows];
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < rows; j++) {
          negated[i * rows + j] = -projected[first + i][first + j];
        }
      }
      t.copyFrom(negated);
      // Of −T the ascending order is T's descending one.
      backend.eigh(t, ascending);
      double[] values = ascending.toArray();
      for (int i = 0; i < rows; i++) {
        values[i] = -values[i];
      }
      return new Ritz(values, backend.copyOf(t, operator.dtype()));
    }
  }

  /** How far the image of the last vector reaches out of the basis. */
  double outside() {
    Matrix image = lastImages(1);
    double square = backend.dot(image, image);
    for (int j = 0; j < size; j++) {
      square -= projected[size - 1][j] * projected[size - 1][j];
    }
    return Math.sqrt(Math.max(0, square));
  }

  /**
   * Residual norms {@code ‖B v_i − θ_i v_i‖} of the first k Ritz pairs.
   *
   * @param found k x n, overwritten with the Ritz vectors
   * @param remainders k x n, overwritten with {@code B v_i − θ_i v_i}
   */
  double[] residuals(Ritz ritz, Matrix found, Matrix remainders) {
    int k = Math.toIntExact(found.rows());
    Matrix coefficients = ritz.vectors().rowRange(0, k);
    backend.gemm(NO, NO, 1, coefficients, vectors.rowRange(0, size), 0, found);
    backend.gemm(NO, NO, 1, coefficients, images.rowRange(0, size), 0, remainders);
    var factors = new double[k];
    for (int i = 0; i < k; i++) {
      factors[i] = -ritz.values()[i];
    }
    return Residuals.norms(backend, remainders, found, factors);
  }

  /** Shrinks the basis to its first {@code kept} Ritz vectors. */
  void shrink(Ritz ritz, int kept) {
    Matrix coefficients = ritz.vectors().rowRange(0, kept);
    try (Matrix rotated = backend.zeros(operator.dtype(), kept, operator.size())) {
      for (Matrix rows : new Matrix[] {vectors, images}) {
        backend.gemm(NO, NO, 1, coefficients, rows.rowRange(0, size), 0, rotated);
        backend.copy(rotated, rows.rowRange(0, kept));
      }
    }
    size = kept;
    for (int i = 0; i < kept; i++) {
      for (int j = 0; j < kept; j++) {
        projected[i][j] = i == j ? ritz.values()[i] : 0;
      }
    }
  }

  @Override
  public void close() {
    vectors.close();
    images.close();
  }

  /**
   * Eigenpairs of the projection.
   *
   * @param values of B, largest first
   * @param vectors one row each: coefficients in the basis
   */
  record Ritz(double[] values, Matrix vectors) implements AutoCloseable {

    /** {@code ‖B‖}, as far as the basis knows it. */
    double norm() {
      return values.length == 0 ? 0 : Math.max(Math.abs(values[0]), Math.abs(values[values.length - 1]));
    }

    @Override
    public void close() {
      vectors.close();
    }
  }
}
