/** Memory straight from the operating system, for blocks too large to come from the C library. */
package io.contraspectra.bindings.memory;
