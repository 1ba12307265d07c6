/**
 * Subspaces and the orthonormal frames that span them: retractions, the flows of {@code -tr(WᵀCW)} under
 * {@code WᵀW = I} in continuous and discrete time, for linear, two-layer and kernel models, and how far subspaces and
 * representations are apart.
 *
 * <p>A frame is a d x z matrix with orthonormal columns; a subspace is known by any frame of it, or by its projector
 * {@code P = WWᵀ}. Where rows are wanted as directions, as eigenvectors are kept elsewhere, transpose first.
 */
package io.contraspectra.core.manifold;
