/**
 * Spectral embeddings and the closed forms that contrastive and non-contrastive losses converge to (spectral.md):
 * classical methods ({@link io.contraspectra.core.spectral.Pca}, {@link io.contraspectra.core.spectral.KernelPca},
 * {@link io.contraspectra.core.spectral.LaplacianEigenmaps}, {@link io.contraspectra.core.spectral.ClassicalMds},
 * {@link io.contraspectra.core.spectral.Isomap}, {@link io.contraspectra.core.spectral.Lpp},
 * {@link io.contraspectra.core.spectral.Lda}, {@link io.contraspectra.core.spectral.Cca}) and the optima of losses on
 * relation graphs ({@link io.contraspectra.core.spectral.VicReg}, {@link io.contraspectra.core.spectral.SquaredSimClr},
 * {@link io.contraspectra.core.spectral.SpectralContrastive}, {@link io.contraspectra.core.spectral.GraphInfoNce},
 * {@link io.contraspectra.core.spectral.BarlowTwins}).
 *
 * <p>Rows are samples, columns dimensions of the embedding. Of each column's two signs the one is chosen that makes its
 * largest entry positive. What is degenerate about a problem is told as {@link io.contraspectra.core.spectral.Finding}s
 * of the result.
 */
package io.contraspectra.core.spectral;
