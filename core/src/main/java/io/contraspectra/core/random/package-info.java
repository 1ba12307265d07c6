/**
 * Random numbers that can be repeated: streams split from one seed by name, so that a new consumer of random numbers
 * changes nobody else's.
 */
package io.contraspectra.core.random;
