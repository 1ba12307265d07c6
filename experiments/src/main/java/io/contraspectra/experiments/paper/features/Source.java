package io.contraspectra.experiments.paper.features;

import io.contraspectra.core.data.DataFiles;
import io.contraspectra.core.data.Datasets;
import io.contraspectra.core.data.LabelledData;
import io.contraspectra.core.data.TripletSamplers;
import io.contraspectra.core.data.Triplets;
import io.contraspectra.core.matrix.InvalidData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Where triplets come from: 30 triplets of K + 1 classes, so that K = 2 principal components stand out.
 *
 * @param name for tables and legends
 * @param sampler draws new triplets
 */
record Source(String name, Function<RandomGenerator, Triplets> sampler) {

  /** K, the outputs of the networks. */
  static final int OUTPUTS = 2;

  /** Three clusters on the sphere of R^8. */
  static final Source CLUSTERS = new Source("clusters",
      random -> TripletSamplers.clusters(Source.SAMPLES, Source.DIMENSION, OUTPUTS + 1, random));

  private static final int SAMPLES = 30;
  private static final int DIMENSION = 8;
  private static final List<Integer> CLASSES = List.of(0, 1, 4);

  /**
   * The sources that a user asks for.
   *
   * @param data {@code digits}, {@code synthetic}, the path of a file with labels, or nothing for the first two
   */
  static List<Source> of(Optional<String> data) {
    return switch (data.orElse("")) {
      case "" -> List.of(CLUSTERS, ofClasses("digits", Datasets.digits()));
      case "synthetic" -> List.of(CLUSTERS);
      case "digits" -> List.of(ofClasses("digits", Datasets.digits()));
      default -> {
        Path file = Path.of(data.get());
        yield List.of(ofClasses(file.getFileName().toString(), DataFiles.read(file)));
      }
    };
  }

  /** The classes 0, 1 and 4, which are far apart among digits, or the first three where one of them does not exist. */
  private static Source ofClasses(String name, LabelledData data) {
    List<Integer> classes = new ArrayList<>(
        IntStream.of(data.requireLabels()).distinct().sorted().boxed().toList());
    if (classes.size() <= OUTPUTS) {
      throw new InvalidData(data.name() + " has the classes " + classes + " only; random-feature-pca needs "
          + (OUTPUTS + 1) + " of them");
    }
    List<Integer> chosen = classes.containsAll(CLASSES) ? CLASSES : classes.subList(0, OUTPUTS + 1);
    return new Source(name, random -> TripletSamplers.fromClasses(data, chosen, SAMPLES, random));
  }
}
