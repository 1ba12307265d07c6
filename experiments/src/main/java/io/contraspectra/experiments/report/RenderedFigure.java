package io.contraspectra.experiments.report;

/**
 * A figure as pictures.
 *
 * @param svg for screens and print, as a document of its own
 * @param png for slides and everything that knows no SVG
 */
record RenderedFigure(String svg, byte[] png) {}
