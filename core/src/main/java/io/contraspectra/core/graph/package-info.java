/** Relations between samples as weighted graphs, and their Laplacians as operators (spectral.md 1). */
package io.contraspectra.core.graph;
