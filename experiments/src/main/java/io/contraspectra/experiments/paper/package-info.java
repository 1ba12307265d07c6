/** One class a paper: settings in, records out; nothing is printed or written here. */
package io.contraspectra.experiments.paper;
