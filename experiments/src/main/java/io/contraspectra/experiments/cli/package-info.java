/** The command line: options, errors, exit codes and progress; what is computed lives elsewhere. */
package io.contraspectra.experiments.cli;
