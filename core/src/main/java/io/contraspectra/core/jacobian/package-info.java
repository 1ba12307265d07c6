/**
 * Derivatives of all outputs at all samples with respect to all parameters: explicitly, as a matrix of N·K rows and P
 * columns, and implicitly, as products of that matrix or its transpose with blocks of vectors.
 *
 * <p>Row {@code n*K + k} belongs to output k at sample n; columns are in the order of the parameters, W1, b1, W2, b2,
 * ….
 */
package io.contraspectra.core.jacobian;
