/** Symmetric operators and their eigenpairs. */
package io.contraspectra.core.operator;
