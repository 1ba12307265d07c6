package io.contraspectra.experiments.paper;

/**
 * What a report says of its own making.
 *
 * @param version version of the program
 * @param rerun the command that repeats the run
 */
public record Provenance(String version, String rerun) {}
