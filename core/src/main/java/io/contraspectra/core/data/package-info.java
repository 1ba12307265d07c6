/**
 * Files in and out: NumPy arrays and archives, CSV and IDX data sets, the two bundled data sets, and the samplers that
 * turn them into contrastive triplets.
 *
 * <p>Files are not trusted. A reader checks every claim of a header against the bytes that are really there before it
 * allocates, and reports what is wrong as {@link io.contraspectra.core.matrix.InvalidData} that names the file, the
 * array and the remedy. Writers go through {@link io.contraspectra.core.data.AtomicFile}, so that a file is either
 * whole or not there.
 */
package io.contraspectra.core.data;
