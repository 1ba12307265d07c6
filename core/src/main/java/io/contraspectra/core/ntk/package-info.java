/**
 * Neural tangent kernels of networks: Gram matrices as sums over layers, their parts, and how far they drift.
 *
 * <p>Index order everywhere: row {@code n*K + k} belongs to output k at sample n.
 */
package io.contraspectra.core.ntk;
