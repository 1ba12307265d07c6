package io.contraspectra.core.backend;

/** A small matrix on the heap with the product of its definition, to check factors by. */
record Dense(Shape shape, double[] values) {

  double at(int row, int col) {
    return values[row * shape.cols() + col];
  }

  Dense transposed() {
    var result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i % shape.cols() * shape.rows() + i / shape.cols()] = values[i];
    }
    return new Dense(new Shape(shape.cols(), shape.rows()), result);
  }

  Dense times(Dense other) {
    var result = new double[shape.rows() * other.shape.cols()];
    for (int i = 0; i < shape.rows(); i++) {
      for (int j = 0; j < other.shape.cols(); j++) {
        for (int l = 0; l < shape.cols(); l++) {
          result[i * other.shape.cols() + j] += at(i, l) * other.at(l, j);
        }
      }
    }
    return new Dense(new Shape(shape.rows(), other.shape.cols()), result);
  }
}
