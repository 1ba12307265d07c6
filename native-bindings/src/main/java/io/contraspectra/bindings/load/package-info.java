/**
 * Finds and opens native libraries, and remembers how that went.
 *
 * <p>A {@link io.contraspectra.bindings.load.NativeLibrary} is looked for in an ordered list of
 * {@link io.contraspectra.bindings.load.LibrarySource sources}: a path that the user names, a jar that carries the
 * library (extracted once into a {@link io.contraspectra.bindings.load.ExtractionCache cache}), the system's own
 * loader. Every {@link io.contraspectra.bindings.load.Attempt} is kept, after success too, so that "why this library?"
 * and "why none?" have the same answer: the list of what was tried.
 */
package io.contraspectra.bindings.load;
