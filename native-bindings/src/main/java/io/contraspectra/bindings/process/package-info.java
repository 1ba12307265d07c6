/** The end of this process. */
@NullMarked
package io.contraspectra.bindings.process;

import org.jspecify.annotations.NullMarked;
