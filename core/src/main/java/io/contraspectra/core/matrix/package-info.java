/**
 * Row-major matrices over memory that a backend owns, and the errors that every room above throws.
 *
 * <p>A {@link io.contraspectra.core.matrix.Matrix} is a shape, an element type and a place in a
 * {@link io.contraspectra.core.matrix.Memory}. The memory may be a host segment or an opaque device handle; code that
 * only copies in and out, or hands matrices to a backend, works on both.
 */
package io.contraspectra.core.matrix;
