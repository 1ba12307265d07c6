/**
 * The first paper's experiment: how far the neural tangent kernel of a wide network moves while it is trained
 * contrastively (ntk.md 3a, 3c). Settings in, records out; nothing is printed or written here.
 *
 * <p>{@link io.contraspectra.experiments.paper.ntkdrift.DriftSettings} unfold into a
 * {@link io.contraspectra.experiments.paper.ntkdrift.DriftPlan} of sweeps; each sweep is a grid of widths and seeds
 * whose cells are independent training runs; claims and figures are read off the finished cells.
 */
package io.contraspectra.experiments.paper.ntkdrift;
