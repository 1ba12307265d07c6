/**
 * Learning dynamics on the Grassmannian (grassmann.md): without constraints linear self-supervised learning collapses
 * to one dimension, with orthonormal columns it follows an exact flow of subspaces. Each study measures one thing for
 * one seed; gates judge what all seeds found.
 */
package io.contraspectra.experiments.paper.grassmann;
