/**
 * Minimising a function of one matrix of parameters: first-order rules, L-BFGS with a strong Wolfe line search, and
 * schedules of step sizes. Nothing here knows what is minimised.
 */
package io.contraspectra.core.optimize;
