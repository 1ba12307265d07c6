package io.contraspectra.core.training;

import io.contraspectra.core.data.IfExists;
import io.contraspectra.core.data.Npz;
import io.contraspectra.core.data.NpyArray;
import io.contraspectra.core.data.NpzWriter;
import io.contraspectra.core.matrix.InvalidArgument;
import io.contraspectra.core.matrix.InvalidData;
import io.contraspectra.core.matrix.Matrix;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The file from which a run goes on to the same bits: parameters, optimiser, counters, recorded points. What is drawn
 * at a step depends on the seed and the step alone, so these two are the state of all random streams. Written whole or
 * not at all.
 */
public final class Checkpoint {

  private static final String FILE = "checkpoint.npz";
  private static final String FORMAT = "contraspectra checkpoint 1";

  private final Path file;
  private final String run;

  /**
   * The checkpoint of a run.
   *
   * @param folder where it is kept; created where missing
   * @param run what the run consists of, by name: a checkpoint of another run is refused
   */
  public Checkpoint(Path folder, Map<String, String> run) {
    this.run = run.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).collect(Collectors.joining("\n"));
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("the checkpoint folder " + folder + " cannot be created: " + e.getMessage()
          + "; choose another one", e);
    }
    this.file = folder.resolve(FILE);
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** Whether there is one to go on from. */
  public boolean exists() {
    return Files.exists(file);
  }

  /** Writes the trainer's state, in place of an older one. */
  void write(Trainer trainer, Set<Metric> metrics, List<TrainingRun.Point> points) {
    Npz.write(file, IfExists.REPLACE, npz -> {
      npz.put("format", NpyArray.of(FORMAT));
      npz.put("run", NpyArray.of(run));
      List<long[]> counters = trainer.counters();
      for (int i = 0; i < counters.size(); i++) {
        npz.put("counters" + i, NpyArray.of(counters.get(i), counters.get(i).length));
      }
      List<Matrix> state = trainer.state();
      for (int i = 0; i < state.size(); i++) {
        npz.put("state" + i, state.get(i));
      }
      putPoints(npz, metrics, points);
    });
  }

  private static void putPoints(NpzWriter npz, Set<Metric> metrics, List<TrainingRun.Point> points)
      throws IOException {
    var values = new double[points.size() * (metrics.size() + 2)];
    int at = 0;
    for (TrainingRun.Point point : points) {
      values[at++] = point.step();
      for (Metric metric : metrics) {
        values[at++] = point.values().get(metric);
      }
      values[at++] = point.samplesPerSecond();
    }
    npz.put("metrics", NpyArray.of(metrics.stream().map(Metric::label).collect(Collectors.joining(","))));
    npz.put("points", NpyArray.of(values, points.size(), metrics.size() + 2));
  }

  /**
   * Brings a trainer to where the checkpoint was written.
   *
   * @return the points recorded before
   * @throws InvalidArgument if there is no checkpoint, or it belongs to another run
   * @throws InvalidData if the file is damaged or no checkpoint
   */
  List<TrainingRun.Point> restore(Trainer trainer, Set<Metric> metrics) {
    if (!exists()) {
      throw new InvalidArgument("there is no checkpoint " + file + " to go on from; start without --resume");
    }
    try {
      return read(trainer, metrics);
    } catch (InvalidData e) {
      // How an archive is saved is no remedy here.
      String[] parts = e.getMessage().split("; ", 2);
      throw new InvalidData(parts[0] + "; the checkpoint is damaged or foreign: start without --resume, in another"
          + " folder or with --force", e);
    }
  }

  private List<TrainingRun.Point> read(Trainer trainer, Set<Metric> metrics) {
    try (Npz npz = Npz.open(file)) {
      requireOwn(npz);
      List<Matrix> state = trainer.state();
      var loaded = new ArrayList<NpyArray>();
      for (int i = 0; i < state.size(); i++) {
        loaded.add(array(npz, "state" + i, state.get(i)));
      }
      var counters = new ArrayList<long[]>();
      for (int i = 0; i < trainer.counters().size(); i++) {
        counters.add(npz.get("counters" + i).toLongs());
      }
      List<TrainingRun.Point> points = points(npz, metrics);
      // Everything is read and found right before anything is changed.
      for (int i = 0; i < state.size(); i++) {
        loaded.get(i).copyTo(state.get(i));
      }
      trainer.restore(counters);
      return points;
    }
  }

  private NpyArray array(Npz npz, String name, Matrix target) {
    NpyArray array = npz.get(name);
    if (array.size() != target.size()) {
      throw new InvalidData(file + ": " + name + " has " + array.size() + " numbers where this run needs "
          + target.size());
    }
    return array;
  }

  private void requireOwn(Npz npz) {
    if (!npz.has("format") || !npz.has("run") || !npz.get("format").toText().equals(FORMAT)) {
      throw new InvalidData(file + " is no checkpoint of this program's version");
    }
    String[] there = npz.get("run").toText().split("\n");
    String[] here = run.split("\n");
    for (int i = 0; i < Math.max(there.length, here.length); i++) {
      String theirs = i < there.length ? there[i] : "nothing";
      String ours = i < here.length ? here[i] : "nothing";
      if (!theirs.equals(ours)) {
        throw new InvalidArgument(file + " belongs to another run: it was written with " + theirs + ", this one has "
            + ours + "; give the same options, or another folder");
      }
    }
  }

  private static List<TrainingRun.Point> points(Npz npz, Set<Metric> metrics) {
    var points = new ArrayList<TrainingRun.Point>();
    String labels = metrics.stream().map(Metric::label).collect(Collectors.joining(","));
    if (!npz.get("metrics").toText().equals(labels)) {
      throw new InvalidArgument("the checkpoint recorded " + npz.get("metrics").toText() + ", this run records "
          + labels + "; give the same --track");
    }
    double[] values = npz.get("points").toDoubles();
    int width = metrics.size() + 2;
    for (int at = 0; at + width <= values.length; at += width) {
      var measured = new EnumMap<Metric, Double>(Metric.class);
      int column = at + 1;
      for (Metric metric : metrics) {
        measured.put(metric, values[column++]);
      }
      points.add(new TrainingRun.Point((long) values[at], measured, values[column]));
    }
    return points;
  }
}
