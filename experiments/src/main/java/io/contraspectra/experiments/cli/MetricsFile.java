package io.contraspectra.experiments.cli;

import de.siegmar.fastcsv.writer.CsvWriter;
import io.contraspectra.core.data.AtomicFile;
import io.contraspectra.core.data.IfExists;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.training.Metric;
import io.contraspectra.core.training.TrainingRun;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The metrics of a training run as CSV: a column {@code step}, then one for each metric. */
final class MetricsFile {

  private MetricsFile() {}

  /** {@code net.csv} for the network file {@code net.npz}. */
  static Path beside(Path network) {
    String name = network.getFileName().toString();
    int dot = name.lastIndexOf('.');
    Path metrics = network.resolveSibling((dot > 0 ? name.substring(0, dot) : name) + ".csv");
    if (metrics.equals(network)) {
      throw new InvalidArgument("--out " + network + " is where the metrics go; name the network file .npz");
    }
    return metrics;
  }

  /** {@code net.second.npz}, where the second tower beside {@code net.npz} goes. */
  static Path second(Path network) {
    String name = network.getFileName().toString();
    int dot = name.lastIndexOf('.');
    return network.resolveSibling(
        dot > 0 ? name.substring(0, dot) + ".second" + name.substring(dot) : name + ".second");
  }

  /**
   * Writes the points.
   *
   * @param throughput whether the samples a second stand in a last column
   */
  static void write(
      Path path, IfExists ifExists, Set<Metric> metrics, List<TrainingRun.Point> points, boolean throughput) {
    AtomicFile.write(path, ifExists, out -> {
      // Not closed here: the stream is the file's.
      CsvWriter csv = CsvWriter.builder().build(new OutputStreamWriter(out, StandardCharsets.UTF_8));
      var header = new ArrayList<>(List.of("step"));
      metrics.forEach(metric -> header.add(metric.label()));
      if (throughput) {
        header.add("samples-per-second");
      }
      csv.writeRecord(header);
      for (TrainingRun.Point point : points) {
        var row = new ArrayList<>(List.of(Long.toString(point.step())));
        metrics.forEach(metric -> row.add(Double.toString(point.values().get(metric))));
        if (throughput) {
          row.add(Double.toString(point.samplesPerSecond()));
        }
        csv.writeRecord(row);
      }
      csv.flush();
    });
  }
}
