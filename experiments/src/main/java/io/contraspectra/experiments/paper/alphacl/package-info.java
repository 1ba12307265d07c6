/**
 * Contrastive losses as a game of two players over the importance of pairs (alphacl.md): gradients of all losses are
 * those of one energy, the min player has closed forms, the max player of a linear network does PCA, and a ReLU keeps
 * more than one dimension. Each study measures one thing for one seed; gates judge what all seeds found.
 */
package io.contraspectra.experiments.paper.alphacl;
