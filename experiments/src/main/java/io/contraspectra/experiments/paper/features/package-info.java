/**
 * The first paper's second half: with an orthonormal output layer, what a wide contrastive network learns stays near the
 * principal components of a matrix of its random features (ntk.md 3b, 3c). Each study measures one thing for one seed;
 * gates judge what all seeds found.
 */
package io.contraspectra.experiments.paper.features;
