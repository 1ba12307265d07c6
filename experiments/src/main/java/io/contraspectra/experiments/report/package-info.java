/**
 * What an experiment found, and how it is shown: claims with verdicts, figures, and the files of a report.
 *
 * <p>An experiment fills a {@link io.contraspectra.experiments.report.Report} with records and knows nothing of files
 * or terminals; {@link io.contraspectra.experiments.report.ReportWriter} turns it into a folder of HTML, JSON, CSV, SVG
 * and PNG, and {@link io.contraspectra.experiments.report.ClaimsTable} into text.
 */
package io.contraspectra.experiments.report;
