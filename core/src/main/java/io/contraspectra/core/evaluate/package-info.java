/**
 * How good a representation is: neighbours, linear probes, clusters, alignment and uniformity. Effective ranks and
 * linear CKA are in {@link io.contraspectra.core.manifold}. Rows are samples; whatever is quadratic in samples is a
 * matrix product over blocks of rows. Ties are broken by the lower index or the smaller class, so results do not depend
 * on threads.
 */
package io.contraspectra.core.evaluate;
