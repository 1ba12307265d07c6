import io.contraspectra.core.backend.EngineProvider;
import io.contraspectra.core.backend.cpu.CpuProvider;
import io.contraspectra.core.backend.cuda.CudaProvider;
import org.jspecify.annotations.NullMarked;

/** Matrices, backends, networks, neural tangent kernels, losses and training. */
@NullMarked
module io.contraspectra.core {
  requires static jdk.incubator.vector;
  requires static transitive org.jspecify;

  requires de.siegmar.fastcsv;
  requires transitive io.contraspectra.bindings;

  exports io.contraspectra.core.backend;
  exports io.contraspectra.core.data;
  exports io.contraspectra.core.evaluate;
  exports io.contraspectra.core.graph;
  exports io.contraspectra.core.jacobian;
  exports io.contraspectra.core.loss;
  exports io.contraspectra.core.manifold;
  exports io.contraspectra.core.matrix;
  exports io.contraspectra.core.mixture;
  exports io.contraspectra.core.network;
  exports io.contraspectra.core.ntk;
  exports io.contraspectra.core.operator;
  exports io.contraspectra.core.optimize;
  exports io.contraspectra.core.random;
  exports io.contraspectra.core.spectral;
  exports io.contraspectra.core.training;

  uses EngineProvider;
  provides EngineProvider with CpuProvider, CudaProvider;
}
