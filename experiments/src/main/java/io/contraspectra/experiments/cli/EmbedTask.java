package io.contraspectra.experiments.cli;

import io.contraspectra.core.backend.Backend;
import io.contraspectra.core.graph.RelationGraph;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.Matrix;
import io.contraspectra.core.network.Network;
import io.contraspectra.core.ntk.EmpiricalNtk;
import io.contraspectra.core.operator.EigenOptions;
import io.contraspectra.core.operator.SymmetricOperator;
import io.contraspectra.core.spectral.BarlowTwins;
import io.contraspectra.core.spectral.BlockKernelOperator;
import io.contraspectra.core.spectral.Cca;
import io.contraspectra.core.spectral.ClassicalMds;
import io.contraspectra.core.spectral.Embedding;
import io.contraspectra.core.spectral.GaussianKernel;
import io.contraspectra.core.spectral.GraphInfoNce;
import io.contraspectra.core.spectral.HingeVicReg;
import io.contraspectra.core.spectral.Isomap;
import io.contraspectra.core.spectral.KernelPca;
import io.contraspectra.core.spectral.LaplacianEigenmaps;
import io.contraspectra.core.spectral.Lda;
import io.contraspectra.core.spectral.Lpp;
import io.contraspectra.core.spectral.Pca;
import io.contraspectra.core.spectral.SpectralContrastive;
import io.contraspectra.core.spectral.SquaredSimClr;
import io.contraspectra.core.spectral.VicReg;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One embedding, from what was read.
 *
 * @param x the samples, if there are any
 * @param y the second view, if there is one
 * @param kernel a kernel matrix, if there is one
 * @param graph a relation matrix, if there is one
 * @param network whose trace kernel is meant, if there is one
 * @param walk whether the Laplacian of the random walk is meant
 * @param memory bytes that a kernel may take
 */
record EmbedTask(EmbedMethod method, Backend backend, @Nullable Matrix x, @Nullable Matrix y, @Nullable Matrix kernel,
    @Nullable Matrix graph, @Nullable Network network, RelationOptions relations, EmbedParameters parameters, int dims,
    boolean linear, boolean walk, long memory) {

  /**
   * What came out. Owns its matrices; close it.
   *
   * @param second of the second view, where there are two
   */
  record Outcome(Embedding first, Optional<Embedding> second) implements AutoCloseable {
    @Override
    public void close() {
      first.close();
      second.ifPresent(Embedding::close);
    }
  }

  Outcome run() {
    if (y != null) {
      Cca.Pair pair = method == EmbedMethod.CCA ? Cca.embedding(backend, input(), y, dims)
          : Cca.vicReg(backend, input(), y, dims, parameters.number("alpha", () -> 1),
              parameters.required(method.text(), "gamma"));
      return new Outcome(pair.first(), Optional.of(pair.second()));
    }
    return new Outcome(embedding(), Optional.empty());
  }

  private Embedding embedding() {
    String name = method.text();
    return switch (method) {
      case PCA -> Pca.embedding(backend, input(), dims);
      case KERNEL_PCA -> kernelPca();
      case LAPLACIAN_EIGENMAPS -> walk ? LaplacianEigenmaps.walk(backend, relation(), dims)
          : LaplacianEigenmaps.unnormalised(backend, relation(), dims);
      case CLASSICAL_MDS -> ClassicalMds.embedding(backend, input(), dims);
      case ISOMAP -> Isomap.embedding(backend, input(), relations.neighbours(name), dims);
      case LPP -> Lpp.embedding(backend, input(), relation(), dims);
      case LDA, FISHER -> Lda.embedding(backend, input(), relations.labels(name), dims);
      case CCA -> throw new InvalidArgument("cca needs two views of the samples; give --input2 Y as well");
      case VICREG -> vicReg();
      case SIMCLR -> {
        boolean centred = parameters.flag("centred", true);
        yield linear ? SquaredSimClr.linear(backend, input(), relation(), dims, centred)
            : SquaredSimClr.embedding(backend, relation(), dims, centred);
      }
      case SPECTRAL_CONTRASTIVE -> linear ? SpectralContrastive.linear(backend, input(), relation(), dims)
          : SpectralContrastive.embedding(backend, relation(), dims);
      case BARLOW_TWINS -> barlowTwins();
      case INFONCE_DIST -> GraphInfoNce.distances(backend, relation(), parameters.number("tau", () -> 2), dims);
      case INFONCE_COS -> GraphInfoNce.cosines(backend, relation(), parameters.number("tau", () -> 0.5), dims);
    };
  }

  private Embedding kernelPca() {
    EigenOptions options = EigenOptions.DEFAULTS.withMemory(memory);
    if (kernel != null) {
      return KernelPca.embedding(backend, kernel, dims);
    }
    if (network != null) {
      try (SymmetricOperator ntk = EmpiricalNtk.of(network).traceOperator(input())) {
        return KernelPca.embedding(ntk, dims, options);
      }
    }
    try (var gaussian = new GaussianKernel(backend, input(), parameters.required(method.text(), "bandwidth2"));
        var operator = new BlockKernelOperator(gaussian, memory)) {
      return KernelPca.embedding(operator, dims, options);
    }
  }

  private Embedding vicReg() {
    double alpha = parameters.number("alpha", () -> 1);
    double beta = parameters.number("beta", () -> 1);
    double gamma = parameters.required(method.text(), "gamma");
    double ddof = parameters.number("ddof", () -> 0);
    if (parameters.flag("hinge", false)) {
      if (linear || walk || ddof != 0) {
        throw new InvalidArgument("vicreg with a hinge has a closed form for free points, ddof 0 and the unnormalised"
            + " Laplacian only; leave out what is not");
      }
      return new HingeVicReg(alpha, beta, gamma).embedding(backend, relation(), dims);
    }
    if (ddof != 0 && ddof != 1) {
      throw new InvalidArgument("ddof is " + ddof + "; it must be 0 or 1");
    }
    var vicReg = new VicReg(alpha, beta, gamma, (int) ddof);
    if (linear) {
      return walk ? vicReg.linearDegreeWeighted(backend, input(), relation(), dims)
          : vicReg.linear(backend, input(), relation(), dims);
    }
    return walk ? vicReg.degreeWeighted(backend, relation(), dims) : vicReg.embedding(backend, relation(), dims);
  }

  private Embedding barlowTwins() {
    if (parameters.flag("unnormalised", false)) {
      return linear ? BarlowTwins.linearUnnormalised(backend, input(), relation(), dims)
          : BarlowTwins.unnormalised(backend, relation(), dims);
    }
    return linear ? BarlowTwins.linearConstrained(backend, input(), relation(), dims)
        : BarlowTwins.constrained(backend, relation(), dims);
  }

  private Matrix input() {
    if (x == null) {
      throw new InvalidArgument(method.text() + (linear ? " --linear" : "") + " needs the samples; give --input X");
    }
    return x;
  }

  private RelationGraph relation() {
    return relations.relation(method.text(), backend, x, graph, parameters);
  }
}
