/**
 * Self-supervised losses as spectral embeddings (spectral.md): closed forms against descent, equivalences with
 * classical methods, and what a relation that is aligned with a task, or not, does to what a probe can learn.
 */
package io.contraspectra.experiments.paper.spectral;
