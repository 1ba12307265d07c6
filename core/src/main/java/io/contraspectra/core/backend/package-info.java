/**
 * The one place that knows where numbers live: a {@link io.contraspectra.core.backend.Backend} allocates matrices and
 * computes on them. Everything above is written once against it and runs on every device.
 *
 * <p>{@code Backend} checks shapes, bounds, aliasing and lifetime; an {@link io.contraspectra.core.backend.Engine}
 * behind it only computes.
 */
package io.contraspectra.core.backend;
