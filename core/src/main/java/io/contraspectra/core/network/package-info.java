/**
 * Dense networks: architecture, parameters in one flat vector, forward pass and vector-Jacobian products.
 *
 * <p>Conventions: {@code a^0 = x}, {@code z^l = s_l W^l a^(l-1) + beta b^l}, {@code a^l = phi(z^l)} for l &lt; L and
 * {@code f = z^L}, with {@code W^l} of n_l x n_(l-1). Layers count from 1, rows are samples.
 */
package io.contraspectra.core.network;
