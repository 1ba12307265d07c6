import org.jspecify.annotations.NullMarked;

/** Matrices, backends, networks, neural tangent kernels, losses and training. */
@NullMarked
module io.contraspectra.core {
  requires static org.jspecify;
  requires static jdk.incubator.vector;

  requires io.contraspectra.bindings;

  exports io.contraspectra.core.backend;
  exports io.contraspectra.core.matrix;
}
