/**
 * Contrastive learning of linear maps on Gaussian mixtures (gmm.md): what is learnt lies in the Fisher subspace, which
 * principal components miss. Population losses are minimised to rounding, losses of samples are compared with linear
 * discriminants, and real data show what is left where the theorem's conditions do not hold. Each study measures one
 * thing for one seed; gates judge what all seeds found.
 */
package io.contraspectra.experiments.paper.gmm;
