/**
 * The catalogue of contrastive losses: value and gradient with respect to the embeddings, in one pass.
 *
 * <p>Embeddings are blocks of N x K, rows are samples. {@link io.contraspectra.core.loss.Losses} finds a {@link
 * io.contraspectra.core.loss.Loss} by its name; its evaluation is made once for a shape and used for many steps. Losses
 * are means over their anchors, but for the alpha-CL family, whose losses are sums, and for losses of covariances.
 * Cosine losses divide each row by its norm first; a row of norm at most 1e-12 has similarity 0 to everything and
 * gradient 0.
 */
package io.contraspectra.core.loss;
