/**
 * Contrastive and non-contrastive learning of linear maps on Gaussian mixtures, where theory says what is learnt: the
 * Fisher subspace. Population losses by quadrature with gradients and minimisers, batch losses on pairs, linear
 * SimSiam, and the closed forms to compare with (gmm.md).
 *
 * <p>A linear map z = Ax is r x d; every loss of InfoNCE's kind depends on {@code M = AᵀA} alone.
 */
package io.contraspectra.core.mixture;
