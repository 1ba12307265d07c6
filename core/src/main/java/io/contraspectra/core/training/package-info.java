/** Training of networks: full-batch gradient descent on triplets in the exact update order of the theory. */
package io.contraspectra.core.training;
