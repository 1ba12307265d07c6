/**
 * The catalogue of contrastive losses: value and gradient with respect to the embeddings, in one pass.
 *
 * <p>Embeddings are N x K, rows are samples. Every loss is a mean over its anchors. Cosine losses divide each row by
 * its norm first; a row of norm at most 1e-12 has similarity 0 to everything and gradient 0.
 */
package io.contraspectra.core.loss;
